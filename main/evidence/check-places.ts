// Is it all in one log, and is nothing of the range left out? The head, each entry's place under it, gaps, the heads that
// statements carry, and what lies in the bundle without belonging there.

import { sameBytes, textOf } from '../../shared/bytes.ts';
import { type Checkpoint, openCheckpoint } from '../trust/checkpoint.ts';
import { sha256Hex } from '../trust/digest.ts';
import { readFork } from '../trust/fork.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../trust/merkle.ts';
import { parseProof } from '../trust/proof.ts';
import { parseVkey, type Vkey } from '../trust/vkey.ts';
import { type Book, grownSizes, isInside, noteIn, referredIn } from './book.ts';
import { type Opened, proposesTo } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';
import { parseGrowth } from './growth.ts';
import { attachmentsOf, policiesOf } from './manifest.ts';

/** `vkey` is the log's, of the newest keyring. */
export function checkPlaces(book: Book, vkey: string, found: Findings): void {
  const key = parseVkey(vkey);
  const head = key.ok ? openCheckpoint(book.note, key.value) : key;
  if (!key.ok || !head.ok) {
    found.fail(
      'head',
      `not signed by the log’s key (${head.ok ? 'key' : (head.detail ?? head.code)})`,
    );
    return;
  }
  for (const entry of book.entries) checkPlace(entry, head.value, found);
  checkGaps(book, found);
  checkHeads(book, head.value, key.value, found);
  checkBelongs(book, found);
  checkFork(book, vkey, found);
}

function checkPlace(
  { index, leaf, proof: text }: Book['entries'][number],
  head: Checkpoint,
  found: Findings,
): void {
  const proof = parseProof(text);
  if (!proof.ok) return found.fail(entryAt(index), 'its proof is not a tlog-proof');
  const { hashes, checkpoint, extra } = proof.value;
  if (checkpoint !== head.note || extra !== undefined || proof.value.index !== index)
    return found.fail(entryAt(index), 'its proof is of another place or under another head');
  const { size, root } = head;
  if (!verifyInclusion({ index, size, root, leafHash: leafHash(leaf), proof: hashes }))
    return found.fail(entryAt(index), 'it is not in the log at this index');
  found.count('places');
}

/** Of a whole range every index is here; of a selection about one request nobody can tell. */
function checkGaps({ opened, selection, head }: Book, found: Findings): void {
  const { from, to, request } = selection;
  if (to >= head.size)
    found.fail('range', `it ends at ${to}, and the log has ${head.size} entries`);
  if (request !== undefined) {
    const digests = opened.map(({ parsed }) => parsed.payloadSha256);
    if (!digests.includes(request)) found.fail('range', `request ${request} is not here`);
    found.leaveOpen(
      'whether the log has more about this request: a leaf does not name it, so only a whole range shows that nothing was left out',
    );
    return;
  }
  const here = new Set(opened.map(({ index }) => index));
  let missing = 0;
  for (let index = from; index <= to && missing < 3; index++) {
    if (here.has(index)) continue;
    missing += 1;
    found.fail(entryAt(index), 'it is inside the range and left out');
  }
}

function checkHeads(book: Book, head: Checkpoint, vkey: Vkey, found: Findings): void {
  for (const entry of book.opened) {
    const note = noteIn(entry);
    if (note === undefined) continue;
    const seen = openCheckpoint(note, vkey);
    if (!seen.ok) {
      found.fail(entryAt(entry.index), 'the head it carries is not signed by the log');
    } else if (seen.value.size > entry.index) {
      found.fail(
        entryAt(entry.index),
        'the head it carries is of more entries than were before it',
      );
    } else if (seen.value.size === 0) {
      found.leaveOpen(
        `${entryAt(entry.index)}: the head it carries is of an empty log and binds it to none`,
      );
    } else if (!grewInto(book, seen.value, head)) {
      found.fail(entryAt(entry.index), 'the head it carries is of another history than this log');
    } else found.count('heads');
  }
}

function grewInto({ growth }: Book, first: Checkpoint, second: Checkpoint): boolean {
  if (first.size === second.size) return sameBytes(first.root, second.root);
  const proof = parseGrowth(growth.get(first.size) ?? '');
  if (!proof.ok || proof.value.first !== first.size || proof.value.second !== second.size)
    return false;
  return verifyConsistency({
    first: first.size,
    second: second.size,
    firstRoot: first.root,
    secondRoot: second.root,
    proof: proof.value.hashes,
  });
}

/** Nothing lies here that neither the range nor anything in it asks for. */
function checkBelongs(book: Book, found: Findings): void {
  const referred = referredIn(book);
  let before = -1;
  for (const entry of book.opened) {
    const { index, type, parsed } = entry;
    if (index <= before) found.fail(entryAt(index), 'it stands twice or out of order');
    before = index;
    if (isInside(book.selection, entry) || type === 'keyring') continue;
    if (
      !referred.has(parsed.payloadSha256) &&
      !explains(book, entry) &&
      !proposesTo(entry, book.opened)
    )
      found.fail(entryAt(index), 'it is outside the range and nothing here refers to it');
  }
  const belongs = (
    what: string,
    files: ReadonlyMap<string, Uint8Array>,
    asked: readonly string[],
  ) => {
    for (const [sha256, bytes] of files) {
      if (sha256Hex(bytes) !== sha256) found.fail(`${what} ${sha256}`, 'it has another digest');
      if (!asked.includes(sha256)) found.fail(`${what} ${sha256}`, 'nothing here refers to it');
    }
  };
  belongs('attachment', book.attachments, attachmentsOf(book));
  belongs('policy', book.policies, policiesOf(book));
  const grown = grownSizes(book);
  for (const size of book.growth.keys())
    if (!grown.includes(size)) found.fail(`growth ${size}`, 'nothing here refers to it');
}

/** An erasure tells why a text that is missing here is missing. */
const explains = ({ byDigest }: Book, { spoken }: Opened): boolean =>
  spoken?.type === 'erasure' &&
  spoken.says.what.some((one) => byDigest.get(one)?.payload === undefined && byDigest.has(one));

function checkFork({ fork }: Book, vkey: string, found: Findings): void {
  if (fork === undefined) return;
  const judged = readFork(textOf(fork) ?? '', vkey);
  found.fail(
    'log',
    judged.ok
      ? 'ITS KEY HAS SIGNED TWO HISTORIES: fork.json proves it, and nothing here shows which of them others saw'
      : 'fork.json is no evidence of a fork of this log',
  );
}
