// The tables of the stored log. One append-only table is on the hot path: a leaf, its text, and what it does to the tables
// beside it, which follow later, many at once. A file of another schema is refused, never half read.

import { writeMark } from './mark.ts';

/** 'CSLG': marks the file as a Countersign log (SQLite file format 1.3.21). */
export const APPLICATION_ID = 0x43534c47;
export const SCHEMA_VERSION = 5;

export const SCHEMA = `
-- nodes: the hashes of the complete subtrees that this leaf finishes, levels 1, 2, 3 ..., 32 bytes each.
-- effects: what it does to requests, chains and messages, as \`effects.ts\` writes it.
-- erased: 1 where the payload is zeroes, as many as it had bytes: a row never changes its size, so that none ever moves and
-- leaves a copy of itself in a page, which no erasure finds.
create table leaves (
  idx integer primary key,
  hash blob not null,
  nodes blob not null,
  effects blob not null,
  erased integer not null,
  leaf blob not null,
  payload blob not null
) strict;

-- What was written and is no leaf, in order of arrival; envelope where it is a notice, signed and kept.
create table kept (seq integer primary key, effects blob not null, envelope text) strict;

-- How far the tables below follow: the first leaf, and the first row of kept, whose effects they do not have yet.
create table settled (one integer primary key check (one = 1), mark text not null) strict;
insert into settled values (1, '${writeMark({ leaves: 0, kept: 0 })}');

-- key: the first 48 bits of the digest, so that the index is small. about: JSON array of the indexes of the leaves that
-- name the request, in order.
create table requests (
  idx integer primary key,
  key integer not null,
  digest blob not null,
  guard text not null,
  open integer not null,
  about text not null
) strict;
create index requests_by_key on requests (key);
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

-- What a principal's message had as its effect; idx is null where the effect is no leaf. key: 48 bits of a digest of the two.
create table messages (
  n integer primary key,
  key integer not null,
  principal blob not null,
  id blob not null,
  digest blob not null,
  idx integer,
  at integer not null
) strict;
create index messages_by_key on messages (key);

-- One row for each request, kind and key: seq in kept.
create table notices (
  request blob not null,
  what text not null,
  key blob not null,
  seq integer not null,
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
