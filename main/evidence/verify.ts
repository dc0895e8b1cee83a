// The verdict over a bundle: everything checked again from its bytes, on nobody's word but that of the roots. Pure: no file,
// no clock, no network.

import { keyWords } from '../../shared/domain/key-words.ts';
import { parseVkey } from '../trust/vkey.ts';
import type { Book } from './book.ts';
import { type Chain, newest, trustedBy } from './chain.ts';
import { rootSetOf } from '../trust/keyring.ts';
import { checkApproved } from './check-approved.ts';
import { checkChanges } from './check-changes.ts';
import { checkGranted } from './check-granted.ts';
import { checkPlaces } from './check-places.ts';
import { checkSigned, type Signers } from './check-signed.ts';
import { checkWitnessed, type Witnessed } from './check-witnessed.ts';
import { entryAt, type Findings, openFindings, type Part, type Problem } from './findings.ts';
import { absentFrom, populationOf, type Population } from './manifest.ts';
import { bookOf, checkFiles } from './open-files.ts';
import { recordOf } from './record.ts';
import type { Files } from './zip.ts';

export type Signer = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly use: string;
  readonly keyId: string;
  readonly signatures: number;
};
export type Word = {
  /** `own`: of the bundle's own first keyring, which whoever made it could have made. */
  readonly of: 'roots' | 'own';
  readonly rootSet: string;
  readonly version: number;
  readonly threshold: number;
  readonly roots: readonly { readonly keyId: string; readonly words: string }[];
};
export type About = {
  readonly org: string;
  readonly origin: string;
  readonly size: number;
  readonly from: number;
  readonly to: number;
  readonly request?: string;
  /** The digest of what every bundle of this range under this head has in common; absent for one request. */
  readonly record?: string;
  readonly logKey: string;
  readonly keyrings: readonly number[];
  readonly population: Population;
};
export type Report = {
  readonly verified: boolean;
  readonly about?: About;
  readonly checked: Readonly<Record<Part, number>>;
  readonly witnesses: readonly Witnessed[];
  /** How many people the keyring wants under a head before a guard acts. */
  readonly witnessesAsked: number;
  readonly signers: readonly Signer[];
  readonly notChecked: readonly string[];
  /** At most 200 of them; `failures` counts all. */
  readonly problems: readonly Problem[];
  readonly failures: number;
  readonly word?: Word;
};

/** `rootSet`: what the auditor knows of the roots; undefined where nothing. */
export function verifyBundle(files: Files, rootSet: string | undefined): Report {
  const found = openFindings();
  const book = bookOf(files);
  if (!book.ok) {
    found.fail('bundle', book.detail ?? book.code);
    return reportOf(found);
  }
  checkFiles(files, book.value, found);
  const { chain } = book.value;
  if (!chain.ok) {
    found.fail('keyrings', chain.detail ?? chain.code);
    return reportOf(found);
  }
  found.count('keyrings', chain.value.versions.length);
  const { held } = newest(chain.value);
  checkPlaces(book.value, held.keyring.log.vkey, found);
  const signers = checkSigned(book.value, chain.value, found);
  checkApproved({ book: book.value, chain: chain.value, signers, found });
  checkChanges({ book: book.value, chain: chain.value, signers, found });
  checkGranted({ book: book.value, chain: chain.value, signers, found });
  const seen = checkWitnessed({ book: book.value, chain: chain.value, signers, found });
  sayWhatIsOpen(book.value, chain.value, found);
  const word = wordOf(chain.value, rootSet, found);
  return {
    ...reportOf(found),
    about: aboutOf(book.value, chain.value),
    witnesses: seen.witnesses,
    witnessesAsked: seen.asked,
    signers: listSigners(signers),
    word,
  };
}

function reportOf(found: Findings): Report {
  return {
    verified: found.failures() === 0,
    checked: found.counts,
    witnesses: [],
    witnessesAsked: 0,
    signers: [],
    notChecked: found.open(),
    problems: found.problems,
    failures: found.failures(),
  };
}

function sayWhatIsOpen(book: Book, chain: Chain, found: Findings): void {
  const { held, index } = newest(chain);
  if (chain.versions.some((version) => version.held.keyring.solo))
    found.leaveOpen(
      held.keyring.solo
        ? 'solo: no separation of duties, no second witness'
        : 'solo until the organisation became a team: no separation of duties, no second witness before',
    );
  const beyond = book.head.size - book.opened.length;
  if (beyond > 0)
    found.leaveOpen(
      `${beyond} entries of the log that are not here; a keyring among them, after version ${held.keyring.version} at ${entryAt(index)}, could end a key that counts here`,
    );
  const policies = absentFrom(book).filter(({ what }) => what === 'policy').length;
  if (policies > 0)
    found.leaveOpen(
      `${policies} ${policies === 1 ? 'policy text' : 'policy texts'} that the machine did not have: the manifest names the digests`,
    );
  found.leaveOpen(`what came after the head of ${book.head.size} entries`);
  found.leaveOpen(
    'whether the policy answered rightly: what it asked for is what the guard signed',
  );
}

function wordOf(chain: Chain, rootSet: string | undefined, found: Findings): Word {
  const trusted = rootSet === undefined ? chain.versions[0] : trustedBy(chain, rootSet);
  if (trusted === undefined)
    found.fail(
      'roots',
      'no keyring here has the roots that were given: THESE ARE OTHER PEOPLE’S KEYS',
    );
  const { keyring } = (trusted ?? chain.versions[0]).held;
  return {
    of: rootSet === undefined || trusted === undefined ? 'own' : 'roots',
    rootSet: rootSetOf(keyring),
    version: keyring.version,
    threshold: keyring.threshold,
    roots: keyring.roots.map(({ keyId }) => ({ keyId, words: keyWords(keyId) })),
  };
}

function aboutOf(book: Book, chain: Chain): About {
  const { keyring } = newest(chain).held;
  const vkey = parseVkey(keyring.log.vkey);
  const { from, to, request } = book.selection;
  const record = recordOf(book);
  return {
    org: keyring.org,
    origin: book.head.origin,
    size: book.head.size,
    from,
    to,
    ...(request === undefined ? {} : { request }),
    ...(record === undefined ? {} : { record }),
    logKey: vkey.ok ? vkey.value.key.keyId : '',
    keyrings: chain.versions.map(({ held }) => held.keyring.version),
    population: populationOf(book),
  };
}

function listSigners(signers: Signers): readonly Signer[] {
  const rows = new Map<string, Signer>();
  for (const { kind, id, name, device, use, key } of signers.values()) {
    const signatures = (rows.get(key.keyId)?.signatures ?? 0) + 1;
    rows.set(key.keyId, { kind, id, name, device, use, keyId: key.keyId, signatures });
  }
  return [...rows.values()].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}
const sortKey = ({ kind, id, use, keyId }: Signer): string => [kind, id, use, keyId].join(' ');
