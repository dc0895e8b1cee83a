// `countersign log` and `log verify`: this machine's own copy of the log, read without the app or the broker. Plain `log`
// prints leaves, each checked against the keyring, and a line that was not says so; with `--agent`, `--person`, `--text` or
// `--since` it prints requests from the index, which only leaves with a checked signature have filled.

import type { LogRow } from '../../shared/ipc/story.ts';
import { historyPage, verifyAll } from '../app/history.ts';
import type { FoundRequest } from '../app/ports.ts';
import { openReplica } from '../app/replica.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { EXITS } from './exits.ts';
import { type LogCopy, openLogCopy } from './log-copies.ts';
import { type LogOptions, parseLogOptions } from './log-options.ts';
import { plain, say } from './voice.ts';

const AT_ONCE = 200;

type Opened = Pick<LogCopy, 'store' | 'keyring'>;

export async function logCommand(words: readonly string[], machine: Machine): Promise<number> {
  const complain = (exit: number, line: string): number => {
    machine.terminal.errors.write(`countersign: ${line}\n`);
    return exit;
  };
  const [verb, ...rest] = words[0] === 'verify' ? words : ['list', ...words];
  const options = parseLogOptions(rest, machine.clock.now());
  if (typeof options === 'string') return complain(EXITS.usage, say.usage(options));
  const copy = await openLogCopy(machine, options.log);
  if (!copy.ok) return complain(EXITS.notConfigured, copy.detail ?? copy.code);
  const opened = copy.value;
  try {
    const print = (line: string): void => void machine.terminal.output.write(`${line}\n`);
    if (verb === 'verify') return await verify(opened, options.json, machine, print, complain);
    if (options.asks) await find(opened, options, options.asks, print);
    else await list(opened, options, print);
    return 0;
  } finally {
    await opened.store.close();
  }
}

/** Oldest first, like the leaves: the newest stands above the prompt. */
async function find(
  { store }: Opened,
  { limit, json }: LogOptions,
  asks: NonNullable<LogOptions['asks']>,
  print: (line: string) => void,
): Promise<void> {
  const rows: FoundRequest[] = [];
  let before: number | undefined;
  do {
    const page = await store.search({
      ...asks,
      before,
      limit: Math.min(AT_ONCE, limit - rows.length),
    });
    rows.push(...page.rows);
    before = page.next;
  } while (before !== undefined && rows.length < limit);
  for (const row of rows.reverse()) print(json ? JSON.stringify(row) : requestLine(row));
}

function requestLine(row: FoundRequest): string {
  const by = row.reviewer === undefined ? '' : ` by ${row.reviewer}`;
  const ran = row.run === undefined ? '' : `, ${row.run}${row.exit ? ` ${row.exit}` : ''}`;
  const who = `${row.agent} for ${row.person}`;
  return `${String(row.index).padStart(6)}  ${row.at}  ${row.ending}${by}${plain(ran)}  ${plain(who)}: ${plain(row.title)}  ${row.digest.slice(0, 12)}`;
}

async function list(
  { store, keyring }: Opened,
  options: LogOptions,
  print: (line: string) => void,
): Promise<void> {
  const rows: LogRow[] = [];
  let before: number | undefined;
  while (rows.length < options.limit) {
    const page = await historyPage(
      store,
      keyring,
      before,
      Math.min(AT_ONCE, options.limit - rows.length),
    );
    rows.push(...page.rows);
    if (page.next === undefined || page.rows.length === 0) break;
    before = page.next;
  }
  for (const row of rows.reverse()) print(options.json ? JSON.stringify(row) : lineOf(row));
}

function lineOf(row: LogRow): string {
  const about = row.request === undefined ? '' : `  ${row.request.slice(0, 12)}`;
  const what = row.type === 'request' ? `${row.title}; ${row.says}` : row.says;
  return `${String(row.index).padStart(6)}  ${row.at ?? ''}  ${row.type.padEnd(8)}  ${plain(row.who)}: ${what}${about}`;
}

async function verify(
  { store, keyring }: Opened,
  json: boolean,
  machine: Machine,
  print: (line: string) => void,
  complain: (exit: number, line: string) => number,
): Promise<number> {
  const alarms: string[] = [];
  const replica = await openReplica({
    store,
    vkey: keyring.keyring.log.vkey,
    now: machine.clock.now,
    alarm: (code, detail) => alarms.push(`${code}: ${detail}`),
  });
  const report = await verifyAll(store, replica, keyring, machine.clock.now());
  const problems = [...alarms.map((says) => ({ index: report.leaves, says })), ...report.problems];
  if (json) print(JSON.stringify({ ...report, problems }));
  else {
    print(`${report.leaves} entries hashed again, root ${report.root}`);
    print(
      `${report.signatures} signatures checked against keyring version ${keyring.keyring.version}`,
    );
    if (report.erased > 0)
      print(`${report.erased} texts erased, each by an erasure in the log that was checked`);
    if (report.sealed > 0)
      print(
        `${report.sealed} texts are sealed by this computer's key store: only the app reads them`,
      );
    if (report.withoutBody > 0)
      print(`${report.withoutBody} entries without their text: only their place was checked`);
    print(
      report.checkpoint === ''
        ? 'no checkpoint yet'
        : `checkpoint, signed by log key ${report.logKey.slice(0, 16)}:`,
    );
    for (const line of report.checkpoint.trimEnd().split('\n')) if (line !== '') print(`  ${line}`);
    if (keyring.keyring.solo) print('solo: no separation of duties, no second witness');
    for (const problem of problems) print(`PROBLEM at ${problem.index}: ${plain(problem.says)}`);
  }
  if (problems.length > 0) return complain(1, say.notVerified(problems.length));
  if (!json) print(say.verified(report.leaves, report.signatures));
  return 0;
}
