// The verdict in words: what was checked, what was not, on whose word, and the last line. Text from the bundle is escaped.

import { escapeText } from '../../shared/statement/view/escape.ts';
import type { ForkReport } from './fork-file.ts';
import type { About, Report, Signer, Word } from './verify.ts';

const safe = (text: string): string => escapeText(text, { ascii: false });

export function reportLines(report: Report): readonly string[] {
  const { about, problems, failures, notChecked, word } = report;
  const failed = problems.map(({ where, says }) => `  ${safe(where)}: ${safe(says)}`);
  if (failures > problems.length) failed.push(`  and ${failures - problems.length} more`);
  return [
    ...(about === undefined ? [] : aboutLines(about)),
    ...(about === undefined ? [] : ['', 'checked', ...checkedLines(report, about)]),
    ...(report.signers.length === 0 ? [] : ['', 'signed by', ...report.signers.map(signerLine)]),
    ...(notChecked.length === 0
      ? []
      : ['', 'not checked', ...notChecked.map((one) => `  ${safe(one)}`)]),
    ...(word === undefined ? [] : ['', ...wordLines(word)]),
    ...(failures === 0 ? [] : ['', 'FAILED', ...failed]),
    '',
    lastLine(report),
  ];
}

function lastLine({ verified, failures, word, about }: Report): string {
  if (!verified) return `NOT VERIFIED: ${failures === 1 ? '1 check' : `${failures} checks`} failed`;
  if (word?.of === 'own')
    return `verified, ON THE BUNDLE’S OWN WORD: compare the root keys above, or give --roots`;
  return `verified: entries ${about?.from} to ${about?.to}, by the roots that you gave`;
}

function aboutLines(about: About): string[] {
  const { org, origin, size, from, to, request, record, population } = about;
  const { entries, requests, withoutText, referred } = population;
  const only = request === undefined ? '' : `, only what is about request ${request}`;
  return [
    `evidence of ${safe(org)}: entries ${from} to ${to} of the log ${safe(origin)}, which has ${size}${only}`,
    `  inside: ${listed(entries)}; ${withoutText} without their text`,
    `  requests: ${listed(requests)}`,
    `  from outside the range, because they are referred to: ${referred}`,
    ...(record === undefined
      ? []
      : [`  record ${record}: the same in everybody's bundle of this range under this head`]),
  ];
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';

/** People are counted, and devices named. */
function namesOf({ witnesses }: Report): string {
  const count = new Set(witnesses.map(({ id }) => id)).size;
  const by = witnesses.map(({ name, device, at }) => `${name} (${device}) at ${at}`).join(', ');
  return count === 0 ? 'nobody' : `${count === 1 ? '1 person' : `${count} people`}: ${by}`;
}

function checkedLines(report: Report, about: About): string[] {
  const { checked, witnessesAsked } = report;
  const range =
    about.request === undefined ? `; none is left out from ${about.from} to ${about.to}` : '';
  const rows: [string, string][] = [
    ['files', `${checked.files}: these and no others, each as the rest gives it`],
    ['places', `${checked.places} entries under one head of ${about.size}${range}`],
    ['head', `signed by log key ${about.logKey}; cosigned by ${namesOf(report)}`],
    ['keyrings', `${checked.keyrings}, each signed by the roots of the one before and its own`],
    ['signatures', `${checked.signatures}, each by a key that is valid for it at its index`],
    ['views', `${checked.views} decisions: the text that was signed is what the request says`],
    [
      'approvals',
      `${checked.approvals} endings: enough people, none for themselves, by the gesture of the tier`,
    ],
    ['actions', `${checked.actions} receipts of what ran: each after its approval`],
    ...(checked.grants === 0
      ? []
      : [
          [
            'grants',
            `${checked.grants} uses: each within the bounds that enough people had signed`,
          ] as [string, string],
        ]),
    ['heads', `${checked.heads} carried by decisions and receipts: all of this one log`],
    ...(checked.witnessed === 0 && witnessesAsked === 0
      ? []
      : [
          [
            'witnesses',
            `${checked.witnessed} actions ran under a head that as many people had cosigned as the keyring then asked for (now ${witnessesAsked})`,
          ] as [string, string],
        ]),
  ];
  return rows.map(([name, says]) => `  ${name.padEnd(10)}  ${safe(says)}`);
}

function signerLine({ kind, id, name, device, use, keyId, signatures }: Signer): string {
  const who = kind === 'reviewer' ? `${name} (${id}) on ${device}` : `${kind} ${id}`;
  return `  ${String(signatures).padStart(6)}  ${safe(who)}, ${use} key ${keyId}`;
}

function wordLines({ of, rootSet, version, threshold, roots }: Word): string[] {
  const keys = roots.map(({ keyId, words }) => `  root key ${keyId}\n           ${words}`);
  const needed = `  ${threshold} of ${roots.length} must sign; root set ${rootSet}`;
  if (of === 'roots')
    return [`on the word of the roots that you gave (keyring version ${version})`, ...keys, needed];
  return [
    `ON WHOSE WORD: nobody’s but the bundle’s own, by the roots of its keyring version ${version}`,
    '  Whoever made the file could have made these. Compare them with an administrator, by a way that does not go through',
    '  whoever gave you the file; or verify again with --roots and the root set that an administrator reads to you.',
    ...keys,
    needed,
  ];
}

export function forkLines(report: ForkReport): readonly string[] {
  const { origin, logKey, vkey, known, sizes, heads, foundAt, why, verified } = report;
  const shown = heads.flatMap((note) => [
    '',
    ...note
      .trimEnd()
      .split('\n')
      .map((line) => `  ${safe(line)}`),
  ]);
  return [
    `evidence of a fork of the log ${safe(origin)}, found ${safe(foundAt)} as its finder says`,
    ...shown,
    '',
    `log key ${logKey}`,
    known
      ? '  the key that the roots given here have named'
      : `  ON WHOSE WORD: the file’s own. Compare it with log.vkey of a keyring that you hold: ${safe(vkey)}`,
    '',
    verified && sizes !== undefined
      ? `PROVEN: this key has signed two histories, heads of ${sizes[0]} and ${sizes[1]} entries that no one log can have`
      : `NOT PROVEN: ${why ?? 'it shows nothing'}`,
  ];
}
