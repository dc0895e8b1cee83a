// The tables of the stored log. One append-only table is on the hot path; everything that may be erased, or
// that only speeds up a restart, lies beside it. A file of another schema is refused, never half read.

/** 'CSLG': marks the file as a Countersign log (SQLite file format 1.3.21). */
export const APPLICATION_ID = 0x43534c47;
export const SCHEMA_VERSION = 4;

export const SCHEMA = `
-- nodes: the hashes of the complete subtrees that this leaf finishes, levels 1, 2, 3 ..., 32 bytes each.
-- payload: its SHA-256, as the leaf says.
create table leaves (
  idx integer primary key,
  leaf blob not null,
  hash blob not null,
  nodes blob not null,
  payload blob not null
) strict;

-- Content-addressed; null once a body has been erased. In the order of arrival, not of the digests: rows that make room for
-- others leave copies of themselves in the pages that they leave, which no erasure finds.
create table payloads (sha256 blob not null unique, bytes blob) strict;

-- about: JSON array of the indexes of the leaves that name the request, in order.
create table requests (
  digest blob primary key,
  idx integer not null,
  guard text not null,
  open integer not null,
  about text not null
) strict, without rowid;
create index open_requests on requests (idx) where open = 1;

-- The last decision of each key: rebuilt from the log where it is lost.
create table chains (key blob primary key, seq integer not null, digest blob not null)
  strict, without rowid;

-- Leaves that are a grant, or the end of grants of the same terms; until in milliseconds since 1970.
create table grants (
  idx integer primary key,
  terms blob not null,
  guard text not null,
  agent text not null,
  until integer not null,
  ends integer not null
) strict;
create index grants_of_agent on grants (guard, agent, until);
create index grants_of_terms on grants (terms);
-- Which uses of which terms the log has: a number is used once.
create table grant_uses (terms blob not null, use integer not null, primary key (terms, use))
  strict, without rowid;

create table keyrings (version integer primary key, idx integer not null) strict;

-- What a principal's message had as its effect; idx is null where the effect is no leaf.
create table messages (
  principal blob not null,
  id blob not null,
  digest blob not null,
  idx integer,
  at integer not null,
  primary key (principal, id)
) strict, without rowid;

-- Signed and kept, not logged: one row for each request, kind and key.
create table notices (
  request blob not null,
  what text not null,
  key blob not null,
  envelope text not null,
  primary key (request, what, key)
) strict, without rowid;

-- What convicts this log of two histories, or of having lost entries that it signed: with a row here it signs no more.
create table condemned (says text not null, evidence text not null) strict;

create table checkpoints (size integer primary key, note text not null) strict;

-- Who has seen a head, newest of each witness: evidence, and nothing that the log itself rests on.
create table cosignatures (
  size integer not null,
  key blob not null,
  line text not null,
  primary key (size, key)
) strict, without rowid;

-- By owner, so that no guard can spoil the bytes that another guard sends under the same digest.
create table attachments (
  owner text not null,
  sha256 blob not null,
  size integer not null,
  have integer not null,
  used integer not null,
  at integer not null,
  primary key (owner, sha256)
) strict, without rowid;
-- Which requests name an attachment: its bytes go with the last of them that is erased.
create table uses (
  owner text not null,
  sha256 blob not null,
  request blob not null,
  primary key (owner, sha256, request)
) strict, without rowid;
create index uses_of_request on uses (request);
create table chunks (
  owner text not null,
  sha256 blob not null,
  start integer not null,
  bytes blob not null,
  primary key (owner, sha256, start)
) strict;
`;
