// The current filter as a file, for another program: CSV (RFC 4180) or one JSON object a line. The file's place and name
// are ours, it is private, and it has its name only once it is whole. In CSV a value that a spreadsheet would take for a
// formula (it begins with = + - @, a tab or a line end) gets an apostrophe in front; JSONL has the exact values.

import { mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ExportFormat,
  Exported,
  HistoryFilters,
  RequestRow,
} from '../../shared/ipc/history.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Clock, HistoryQuestion } from './ports.ts';

export type ExportPorts = {
  readonly folder: string;
  readonly clock: Clock;
  /** How many entries the log has: what `done` is counted against. */
  readonly size: () => number;
  readonly search: (
    question: HistoryQuestion,
  ) => Promise<{ readonly rows: readonly RequestRow[]; readonly next?: number | undefined }>;
  readonly tell: (exported: Exported) => void;
};

export type ExportWish = {
  readonly format: ExportFormat;
  readonly text?: string | undefined;
  readonly filters: HistoryFilters;
};

export type Exports = {
  /** 'busy': one is running. 'failed': the folder can't be made. */
  readonly start: (wish: ExportWish) => Result<{ id: number }, 'busy' | 'failed'>;
  /** The same, of a bundle. `make` gives its bytes, or undefined once it is stopped; what it rejects with is told. */
  readonly bundle: (make: MakeBundle) => Result<{ id: number }, 'busy' | 'failed'>;
  readonly cancel: (id: number) => void;
  /** Resolves when none is running. */
  readonly idle: () => Promise<void>;
};

export type MakeBundle = (watch: {
  readonly progress: (done: number, of: number) => void;
  readonly stopped: () => boolean;
}) => Promise<{ readonly bytes: Uint8Array; readonly entries: number } | undefined>;

const AT_ONCE = 500;
const TELL_MS = 100;

export function openExports(ports: ExportPorts): Exports {
  let last = 0;
  let running: { readonly id: number; cancelled: boolean } | undefined;
  let done: Promise<void> = Promise.resolve();
  const begin = (work: (mine: Running) => Promise<void>) => {
    if (running !== undefined) return fail('busy');
    try {
      mkdirSync(ports.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      return fail('failed', `${ports.folder} can't be made (${String(error)})`);
    }
    last += 1;
    const mine = { id: last, cancelled: false };
    running = mine;
    done = work(mine).finally(() => {
      running = undefined;
    });
    return ok({ id: mine.id });
  };
  return {
    start: (wish) => begin((mine) => run(ports, wish, mine)),
    bundle: (make) => begin((mine) => bundle(ports, make, mine)),
    cancel: (id) => {
      if (running?.id === id) running.cancelled = true;
    },
    idle: () => done,
  };
}

type Running = { readonly id: number; readonly cancelled: boolean };

const fileOf = ({ folder, clock }: ExportPorts, what: string, ending: string): string =>
  join(folder, `${what}-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}.${ending}`);

async function bundle(ports: ExportPorts, make: MakeBundle, mine: Running): Promise<void> {
  const path = fileOf(ports, 'evidence', 'zip');
  const tell = (end: Partial<Exported>): void =>
    ports.tell({ id: mine.id, done: 0, of: 0, rows: 0, evidence: true, ...end });
  let told = ports.clock.monotonic();
  const progress = (done: number, of: number): void => {
    if (ports.clock.monotonic() - told < TELL_MS) return;
    told = ports.clock.monotonic();
    tell({ done, of });
  };
  try {
    const made = await make({ progress, stopped: () => mine.cancelled });
    if (made === undefined || mine.cancelled) return tell({ cancelled: true });
    const file = await open(`${path}.part`, 'wx', 0o600);
    try {
      await file.writeFile(made.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    tell({ path, rows: made.entries });
  } catch (error) {
    await rm(`${path}.part`, { force: true }).catch(() => {});
    tell({ failed: error instanceof Error ? error.message : String(error) });
  }
}

async function run(ports: ExportPorts, wish: ExportWish, mine: Running): Promise<void> {
  const of = ports.size();
  const path = fileOf(ports, 'requests', wish.format);
  let rows = 0;
  const tell = (end: Partial<Exported>, at: number): void =>
    ports.tell({ id: mine.id, done: at, of, rows, ...end });
  try {
    const whole = await write(`${path}.part`, ports, wish, mine, of, (more, at) => {
      rows = more;
      if (at !== undefined) tell({}, at);
    });
    if (!whole) {
      await rm(`${path}.part`, { force: true });
      return tell({ cancelled: true }, 0);
    }
    await rename(`${path}.part`, path);
    tell({ path }, of);
  } catch (error) {
    await rm(`${path}.part`, { force: true }).catch(() => {});
    tell({ failed: error instanceof Error ? error.message : String(error) }, 0);
  }
}

/** False once it was cancelled. */
async function write(
  path: string,
  ports: ExportPorts,
  wish: ExportWish,
  mine: Running,
  of: number,
  progress: (rows: number, at: number | undefined) => void,
): Promise<boolean> {
  const file = await open(path, 'wx', 0o600);
  try {
    if (wish.format === 'csv') await file.write(`${COLUMNS.map(([name]) => name).join(',')}\r\n`);
    let rows = 0;
    let told = ports.clock.monotonic();
    for (let before: number | undefined = of; before !== undefined; ) {
      if (mine.cancelled) return false;
      const page: Awaited<ReturnType<ExportPorts['search']>> = await ports.search({
        text: wish.text,
        filters: wish.filters,
        before,
        limit: AT_ONCE,
      });
      const lines = page.rows.map(wish.format === 'csv' ? csvLine : jsonLine);
      if (lines.length > 0) await file.write(lines.join(''));
      rows += lines.length;
      before = page.next;
      const due = ports.clock.monotonic() - told >= TELL_MS;
      if (due) told = ports.clock.monotonic();
      progress(rows, due ? of - (before ?? 0) : undefined);
    }
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

type Value = string | number | boolean | undefined;

const COLUMNS: readonly (readonly [name: string, of: (row: RequestRow) => Value])[] = [
  ['index', (row) => row.index],
  ['digest', (row) => row.digest],
  ['at', (row) => row.at],
  ['title', (row) => row.title],
  ['kind', (row) => row.kind],
  ['target', (row) => row.target],
  ['agent', (row) => row.agent],
  ['person', (row) => row.person],
  ['guard', (row) => row.guard],
  ['host', (row) => row.host],
  ['tier', (row) => row.tier],
  ['ending', (row) => row.ending],
  ['verdict', (row) => row.verdict],
  ['reviewerId', (row) => row.reviewer?.id],
  ['reviewerName', (row) => row.reviewer?.name],
  ['decidedAt', (row) => row.decidedAt],
  ['tookMs', (row) => row.tookMs],
  ['opened', (row) => row.opened],
  ['run', (row) => row.run],
  ['exit', (row) => row.exit],
];

const jsonLine = (row: RequestRow): string => `${JSON.stringify(row)}\n`;

export const csvLine = (row: RequestRow): string =>
  `${COLUMNS.map(([, of]) => csvValue(of(row))).join(',')}\r\n`;

/** OWASP, CSV injection; RFC 4180 2.5 to 2.7 for the quotes. Numbers of ours are never negative. */
function csvValue(value: Value): string {
  if (value === undefined) return '';
  const text = String(value);
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
