// The tables of the app's own replica of the log, and their version. A file of another version is refused in one
// sentence, never half read; versions freeze at the first release (spec.md). `adopted` and `reached` are filled in a copy
// that took the place of another: the numbers that this device's keys had used, and the checkpoint it had verified.
// `erased` names every text that a logged erasure took. `sealing` marks the key under which payloads lie, and up to which leaf
// those from before it have been sealed. `skipped` has the last number that was marked as used and, after a crash, never stored. The digest of a request, which
// every entry repeats, is kept as its 32 bytes: half of its text.

export const SCHEMA_VERSION = 4;
/** "CsSt": tells our file from any other SQLite file. */
export const APPLICATION_ID = 0x43735374;

export const TABLES = `
CREATE TABLE frontier (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL CHECK (size >= 0),
  hashes BLOB NOT NULL
) STRICT;
INSERT INTO frontier VALUES (1, 0, x'');

CREATE TABLE note (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE leaf (
  idx INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL,
  payload BLOB,
  type TEXT NOT NULL,
  request BLOB CHECK (length(request) = 32),
  at TEXT
) STRICT;
CREATE INDEX leaf_of_request ON leaf (request, idx) WHERE request IS NOT NULL;
CREATE INDEX leaf_keyring ON leaf (idx) WHERE type = 'keyring';

CREATE TABLE erased (
  payload BLOB PRIMARY KEY CHECK (length(payload) = 32),
  leaf INTEGER NOT NULL REFERENCES leaf (idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealing (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mark BLOB NOT NULL CHECK (length(mark) = 32),
  next INTEGER NOT NULL
) STRICT;

CREATE TABLE request (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
  idx INTEGER NOT NULL REFERENCES leaf (idx),
  ended INTEGER REFERENCES leaf (idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_open ON request (idx) WHERE ended IS NULL;
CREATE INDEX request_ended ON request (ended) WHERE ended IS NOT NULL;

CREATE TABLE decision (
  sha256 TEXT PRIMARY KEY,
  key_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  request TEXT NOT NULL,
  envelope BLOB NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('sending', 'logged', 'refused')),
  code TEXT,
  UNIQUE (key_id, seq)
) STRICT;
CREATE INDEX decision_unsettled ON decision (key_id, seq) WHERE state = 'sending';

CREATE TABLE adopted (
  key_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE skipped (
  key_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reached (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  UNIQUE (field, text)
) STRICT;
CREATE INDEX word_count ON word (field, count);

CREATE TABLE entry (
  idx INTEGER PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  at INTEGER NOT NULL,
  title TEXT NOT NULL,
  kind INTEGER NOT NULL,
  target INTEGER NOT NULL,
  agent INTEGER NOT NULL,
  person INTEGER NOT NULL,
  guard INTEGER NOT NULL,
  host INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  ending INTEGER NOT NULL,
  verdict INTEGER,
  reviewer INTEGER,
  decided_at INTEGER,
  took INTEGER,
  opened INTEGER,
  run TEXT,
  exit TEXT
) STRICT;
CREATE INDEX entry_kind ON entry (kind);
CREATE INDEX entry_target ON entry (target);
CREATE INDEX entry_agent ON entry (agent);
CREATE INDEX entry_person ON entry (person);
CREATE INDEX entry_host ON entry (host);
CREATE INDEX entry_tier ON entry (tier);
CREATE INDEX entry_ending ON entry (ending);
CREATE INDEX entry_verdict ON entry (verdict) WHERE verdict IS NOT NULL;

CREATE TABLE seen (
  idx INTEGER NOT NULL,
  reviewer INTEGER NOT NULL,
  PRIMARY KEY (idx, reviewer)
) STRICT, WITHOUT ROWID;

CREATE TABLE decided (
  idx INTEGER NOT NULL,
  reviewer INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  took INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  PRIMARY KEY (idx, reviewer)
) STRICT, WITHOUT ROWID;
CREATE INDEX decided_reviewer ON decided (reviewer, idx, verdict);

CREATE TABLE span (
  block INTEGER PRIMARY KEY,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL
) STRICT;

CREATE TABLE saved (
  name TEXT PRIMARY KEY,
  view TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Entries of the log that one full-text shard covers: one table for all is linear behind a cursor. */
export const SHARD_BITS = 18;
/** Entries of the log that one `span` of times covers. */
export const SPAN_BITS = 12;

/** The last number of a key that this copy knows of, with the digest that it named. Takes @keyId. */
export const LAST_SEQ = `SELECT seq, sha256 FROM (
  SELECT seq, sha256 FROM decision WHERE key_id = @keyId
  UNION ALL SELECT seq, sha256 FROM adopted WHERE key_id = @keyId
  UNION ALL SELECT seq, sha256 FROM skipped WHERE key_id = @keyId) ORDER BY seq DESC LIMIT 1`;

export const shardName = (shard: number): string => `words_${shard}`;

/**
 * Contentless: the text is in the payload already. A row can still be deleted, which erasing needs; `secure-delete` is
 * not, because it works on tables that keep their content: erasing rewrites the shard instead (`optimize`).
 */
export const shardTable = (shard: number): string => `
CREATE VIRTUAL TABLE ${shardName(shard)} USING fts5(
  action, reason, who, content='', contentless_delete=1,
  tokenize='unicode61 remove_diacritics 2'
)`;
