// `countersign rota check | show`: what a rota says before a broker reads it. Reads the file and, where this machine holds a
// keyring, who is in it; changes nothing.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textOf } from '../../shared/bytes.ts';
import { openRota } from '../../shared/domain/on-call.ts';
import { parseRota, peopleOf, type Rota, strangersIn } from '../../shared/domain/rota.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { stateHome } from '../state/home.ts';
import { EXITS } from './exits.ts';
import { heldHere } from './keyring/here.ts';
import { readBytes } from './policy-files.ts';
import { counted } from './policy-voice.ts';
import { gapLines, ROTA_USAGE, tableLines } from './rota-words.ts';
import { plain, say } from './voice.ts';

type RotaOptions = {
  readonly verb: 'check' | 'show';
  readonly file: string | undefined;
  readonly days: number;
  readonly json: boolean;
};

const DAY_MS = 24 * 3600_000;
const SHOWN_DAYS = 14;
/** Two turns of most rotations. */
const CHECKED_DAYS = 28;
const MAX_DAYS = 366;

export async function rotaCommand(words: readonly string[], machine: Machine): Promise<number> {
  const { output, errors } = machine.terminal;
  const print = (...lines: readonly string[]): void =>
    void output.write(lines.map((line) => `${line}\n`).join(''));
  const complain = (exit: number, line: string): number => {
    errors.write(`countersign: ${line}\n`);
    return exit;
  };
  const parsed = parseOptions(words);
  if (!parsed.ok)
    return complain(EXITS.usage, `${say.usage(plain(parsed.detail ?? ''))}\n${ROTA_USAGE}`);
  const { verb, days, json } = parsed.value;
  const file = parsed.value.file ?? ownRota(machine);
  if (file === undefined) return complain(EXITS.usage, say.usage('the rota file is missing'));
  const bytes = readBytes(file);
  if (!bytes.ok) return complain(EXITS.usage, bytes.detail ?? bytes.code);
  const rota = parseRota(textOf(bytes.value) ?? '');
  if (!rota.ok) return complain(1, `${plain(file)}: ${plain(rota.detail ?? rota.code)}`);
  const now = machine.clock.now();
  if (verb === 'show') {
    if (json) print(JSON.stringify(plainTable(rota.value, now, days)));
    else print(...showLines(rota.value, now, days));
    return 0;
  }
  const open = openRota(rota.value);
  const people = new Set(Object.values(rota.value.groups).flatMap((line) => [...peopleOf(line)]));
  print(
    `${plain(file)}: ${counted(open.size, 'group')}, ${people.size === 1 ? '1 person' : `${people.size} people`}`,
    ...gapLines(rota.value, open, now, CHECKED_DAYS),
  );
  const held = heldHere(machine);
  if (!held.ok) return complain(0, 'no keyring on this machine: names were not compared with one');
  const strangers = strangersIn(rota.value, held.value.held.keyring);
  for (const line of strangers) complain(0, plain(line));
  return strangers.length === 0 ? 0 : 1;
}

function parseOptions(words: readonly string[]): Result<RotaOptions, 'usage'> {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { days: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [verb, file, ...more] = positionals;
    if (verb !== 'check' && verb !== 'show')
      return fail('usage', verb === undefined ? 'check or show?' : `no verb ${verb}`);
    if (more.length > 0) return fail('usage', `one file, not also ${more[0]}`);
    if (verb === 'check' && file === undefined) return fail('usage', 'the rota file is missing');
    const days = values.days === undefined ? SHOWN_DAYS : Number(values.days);
    if (!Number.isSafeInteger(days) || days < 1 || days > MAX_DAYS)
      return fail('usage', `--days ${values.days}: a number from 1 to ${MAX_DAYS}`);
    return ok({ verb, file, days, json: values.json ?? false });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'not understood';
    return fail('usage', said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/** Of the broker whose state is on this machine. */
function ownRota(machine: Machine): string | undefined {
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  return root.ok ? join(root.value, 'broker', 'rota.json') : undefined;
}

function showLines(rota: Rota, now: number, days: number): readonly string[] {
  return [...openRota(rota)].flatMap(([group, line]) => {
    const zone = rota.groups[group]?.zone ?? 'UTC';
    return tableLines(group, zone, line.spans(now, now + days * DAY_MS), line.following(now));
  });
}

const plainTable = (rota: Rota, now: number, days: number) =>
  [...openRota(rota)].map(([group, line]) => ({
    group,
    zone: rota.groups[group]?.zone,
    following: line.following(now),
    spans: line.spans(now, now + days * DAY_MS).map(({ from, until, who }) => ({
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      who,
    })),
  }));
