// The tables of the app's own replica of the log, and their version. A file of another version is refused in one
// sentence, never half read; versions freeze at the first release (spec.md).

export const SCHEMA_VERSION = 1;
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
  request TEXT,
  at TEXT
) STRICT;
CREATE INDEX leaf_of_request ON leaf (request, idx) WHERE request IS NOT NULL;

CREATE TABLE request (
  digest TEXT PRIMARY KEY,
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
`;
