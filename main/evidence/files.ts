// The files of a bundle, all of them: what was put in as it is, and what is derived from it for people and stock programs.
// The same book always gives the same bytes.

import { toB64, utf8 } from '../../shared/bytes.ts';
import { diffRequests } from '../../shared/statement/diff/action.ts';
import { lineText } from '../../shared/statement/diff/lines.ts';
import { sha256Hex } from '../trust/digest.ts';
import { pae } from '../trust/pae.ts';
import type { Book } from './book.ts';
import { findKnown } from './chain.ts';
import type { Opened } from './entry.ts';
import { manifestOf } from './manifest.ts';
import * as at from './paths.ts';
import { verifyText } from './verify-text.ts';
import { type Files, sortedNames } from './zip.ts';

export function filesOf(book: Book): Files {
  const files = new Map<string, Uint8Array>();
  const put = (path: string, bytes: Uint8Array): void => void files.set(path, bytes);
  put(at.HEAD, utf8(book.note));
  for (const [i, entry] of book.opened.entries()) {
    const folder = at.entryFolder(entry.index, entry.type);
    put(`${folder}/${at.LEAF}`, entry.leaf);
    if (entry.payload !== undefined) put(`${folder}/${at.PAYLOAD}`, entry.payload);
    put(`${folder}/${at.PROOF}`, utf8(book.entries[i]?.proof ?? ''));
  }
  for (const [size, text] of book.growth) put(at.growthFile(size), utf8(text));
  for (const [sha256, bytes] of book.attachments) put(at.attachmentFile(sha256), bytes);
  for (const [sha256, bytes] of book.policies) put(at.policyFile(sha256), bytes);
  if (book.fork !== undefined) put(at.FORK, book.fork);
  for (const [request, card] of book.cards)
    if ('text' in card) put(at.viewFile(request), utf8(card.text));
  for (const entry of book.opened) putDifference(book, entry, put);
  for (const entry of book.opened) if (entry.type === 'decision') putDecision(book, entry, put);
  put(at.README, utf8(verifyText(book, files)));
  put(at.MANIFEST, manifestOf(book, files));
  put(at.SUMS, utf8(sumsOf(files)));
  return files;
}

/** What a changed request differs in from the denied one, for people; nothing where one of the texts is not here. */
function putDifference(
  { byDigest }: Book,
  { spoken, payload, parsed }: Opened,
  put: (path: string, bytes: Uint8Array) => void,
): void {
  if (spoken?.type !== 'request' || spoken.says.parent === undefined) return;
  const before = byDigest.get(spoken.says.parent)?.payload;
  const lines = before && payload && diffRequests(before, payload);
  if (!lines?.ok) return;
  const text = [`changes ${spoken.says.parent}`, ...lines.value.map(lineText), ''].join('\n');
  put(at.changesFile(parsed.payloadSha256), utf8(text));
}

/** What `openssl pkeyutl` takes; nothing where the text or the key is not here. */
function putDecision(
  { chain }: Book,
  { envelope, parsed }: Opened,
  put: (path: string, bytes: Uint8Array) => void,
): void {
  const signature = envelope?.signatures[0];
  const known = chain.ok && signature ? findKnown(chain.value, signature.keyid) : undefined;
  if (envelope === undefined || signature === undefined || known === undefined) return;
  const folder = at.decisionFolder(parsed.payloadSha256);
  put(`${folder}/pae.bin`, pae(envelope.payloadType, envelope.payload));
  put(`${folder}/sig.bin`, signature.sig);
  put(`${folder}/key.pem`, utf8(pemOf(known.hit.key.spki)));
}

/** RFC 7468, section 13. 44 bytes are one line of base64. */
const pemOf = (spki: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${toB64(spki)}\n-----END PUBLIC KEY-----\n`;

/** As `sha256sum` prints and reads it. */
const sumsOf = (files: Files): string =>
  sortedNames(files)
    .map((path) => `${sha256Hex(files.get(path) ?? new Uint8Array(0))}  ${path}\n`)
    .join('');
