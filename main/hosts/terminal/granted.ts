// Grants in a terminal: what is granted now, one command that ends it, and allowing again what was approved here a moment ago. What
// is signed is the digest of the very text that was printed.

import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { GrantRow } from '../../../shared/ipc/grants.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { termsText } from '../../../shared/statement/terms-text.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { Lines } from './lines.ts';
import type { Mirror } from './mirror.ts';
import * as words from './granted-words.ts';

type Desk = { readonly bridge: Bridge; readonly lines: Lines; readonly mirror: Mirror };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const LIMIT = { uses: 100, minutes: DAY_MINUTES } as const;

const inForce = ({ mirror }: Desk): readonly GrantRow[] =>
  (mirror.now().grants ?? []).filter(({ state }) => state === 'live' || state === 'waiting');

export function listGranted(desk: Desk): void {
  const rows = inForce(desk);
  if (rows.length === 0) desk.lines.print(words.NONE);
  for (const [i, row] of rows.entries()) desk.lines.print(words.listed(i + 1, row));
}

export async function endGranted(desk: Desk, rest: string): Promise<void> {
  const row = inForce(desk)[Number(rest) - 1];
  if (row === undefined) return desk.lines.print(words.NO_SUCH);
  const ended = await desk.bridge.grant.end({ terms: row.terms });
  desk.lines.print(ended.ok ? words.ENDED : words.notDone(ended.code, ended.detail));
}

/** `rest`: `USES MINUTES`. `digest`: of what was approved here last. */
export async function allowAgain(
  { bridge, lines }: Desk,
  digest: string | undefined,
  rest: string,
): Promise<void> {
  const [uses = 0, minutes = 0, ...more] = rest.split(/\s+/).map(Number);
  const within = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= most;
  if (digest === undefined) return lines.print(words.NOTHING_APPROVED);
  if (!within(uses, LIMIT.uses) || !within(minutes, LIMIT.minutes) || more.length > 0)
    return lines.print(words.USAGE);
  const wish = { uses, forMs: minutes * MINUTE_MS };
  const made = await bridge.grant.propose({ digest, wish });
  if (!made.ok) return lines.print(words.notDone(made.code, made.detail));
  const text = termsText(made.value.terms);
  lines.print(text.trimEnd());
  if ((await lines.ask(words.SURE))?.trim() !== 'allow') return lines.print(words.NOT_ALLOWED);
  const viewSha256 = sha256Hex(utf8(text));
  const given = await bridge.grant.give({ terms: made.value.digest, viewSha256 });
  lines.print(given.ok ? words.ALLOWED : words.notDone(given.code, given.detail));
}
