// R11: one bit of the log's files is flipped, wherever it lies: in the file (rows, nodes, leaves, heads, free space) or in
// a WAL that a crash left. The log refuses to open, goes read-only, or was not touched by it; it never signs a head over
// anything but the leaves that it was given. R20: a file of another schema is refused in one sentence and left as it is.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from 'vitest';
import { sameBytes } from '../../shared/bytes.ts';
import { type Ledger, openLedger } from '../../main/ledger/ledger.ts';
import { SCHEMA_VERSION } from '../../main/ledger/schema.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { draft, entries, entry, logKey, vkey } from '../unit/ledger/kit.ts';
import { countOf, limitOf, quickFolder, report } from './counts.ts';
import { seeded } from './seeded.ts';

const LEAVES = 300;
const SEALED = 250;
const PAGE = 4096;
const FILES = ['log.sqlite', 'log.sqlite-wal'] as const;
const random = seeded(11);

/** The log's true root with one more leaf. */
const trueRoot = (size: number, last: string): Uint8Array => {
  const frontier = new Frontier();
  for (let i = 0; i < size; i += 1) frontier.append(leafHash(draft(String(i)).leaf));
  frontier.append(leafHash(draft(last).leaf));
  return frontier.root();
};

/** `served`: an old row is another one, which whoever reads it sees: its hash is not under the signed root. */
type End = 'refused' | 'readOnly' | 'harmless' | 'served' | 'short' | 'SIGNED';

/** Opens, appends and signs as a broker does after a start. */
function use(path: string): End {
  const opened = openLedger(path, vkey);
  if (!opened.ok) return 'refused';
  const ledger = opened.value;
  try {
    if (!ledger.health.ok) return 'readOnly';
    const { size } = ledger;
    if (!ledger.append([entry('after')]).ok) return 'readOnly';
    const head = ledger.seal(logKey);
    if (!head.ok) return 'readOnly';
    if (!sameBytes(head.value.root, trueRoot(size, 'after'))) return 'SIGNED';
    if (isChanged(ledger, size)) return 'served';
    // A WAL ends at its first frame that does not fit: what came after is as if it had never been.
    return size === LEAVES ? 'harmless' : 'short';
  } finally {
    ledger.close();
  }
}

/** True where a leaf or a payload is not the one that was appended. Each shows against the leaf hashes under the root. */
function isChanged(ledger: Ledger, size: number): boolean {
  const stored = ledger.query.leaves(0, size);
  return (
    stored.length !== size ||
    stored.some(({ index, leaf, payload = new Uint8Array(0) }) => {
      const given = draft(String(index));
      return !sameBytes(leaf, given.leaf) || !sameBytes(payload, given.payload);
    })
  );
}

describe('R11 and R20', () => {
  const folder = quickFolder();
  const [closed, crashed, work] = ['closed', 'crashed', 'work'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  beforeAll(() => {
    mkdirSync(closed);
    const opened = openLedger(join(closed, 'log.sqlite'), vkey);
    if (!opened.ok) throw new Error(opened.detail);
    const ledger = opened.value;
    for (let size = 0; size < LEAVES; size += 10) {
      ledger.append(entries(10, size));
      if (size + 10 <= SEALED) ledger.seal(logKey);
    }
    // As a kill leaves it: with its WAL.
    cpSync(closed, crashed, { recursive: true });
    rmSync(join(crashed, 'log.sqlite-shm'), { force: true });
    ledger.close();
    return () => folder[Symbol.dispose]();
  });

  test(`R11: ${countOf('R11')} flipped bits are refused, read-only or harmless, and none is signed over`, {
    timeout: limitOf('R11', 200),
  }, () => {
    const ends: { [end in End]: number } = {
      refused: 0,
      readOnly: 0,
      harmless: 0,
      served: 0,
      short: 0,
      SIGNED: 0,
    };
    const shortened: string[] = [];
    for (let n = 0; n < countOf('R11'); n += 1) {
      const from = n % 2 === 0 ? closed : crashed;
      rmSync(work, { recursive: true, force: true });
      cpSync(from, work, { recursive: true });
      const file = FILES[n % 4 === 3 ? 1 : 0];
      const path = join(
        work,
        file === undefined || !existsSync(join(work, file)) ? FILES[0] : file,
      );
      const bytes = readFileSync(path);
      const at = random.below(statSync(path).size);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      writeFileSync(path, bytes);
      const end = use(join(work, FILES[0]));
      ends[end] += 1;
      if (end === 'short' && !path.endsWith('-wal')) shortened.push(`${path} ${at}`);
    }
    const { refused, readOnly, harmless, served, short, SIGNED } = ends;
    report(
      'R11',
      `${countOf('R11')} flipped bits: ${refused} refused, ${readOnly} read-only, ${harmless} harmless, ` +
        `${served} shown by their hash, ` +
        `${short} shortened a WAL, ${SIGNED} signed over`,
    );
    expect(SIGNED).toBe(0);
    expect(shortened).toEqual([]);
    expect(refused + readOnly).toBeGreaterThan(0);
  });

  test('R11: a page of rubbish ends what is read, and throws nothing', () => {
    const bytes = readFileSync(join(closed, FILES[0]));
    const ends = { refused: 0, short: 0, whole: 0 };
    for (let at = PAGE; at < bytes.length; at += PAGE) {
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work);
      const path = join(work, FILES[0]);
      writeFileSync(path, Buffer.from(bytes).fill(0xff, at, at + PAGE));
      const opened = openLedger(path, vkey);
      if (!opened.ok) {
        ends.refused += 1;
        continue;
      }
      const read = opened.value.query.leaves(0, LEAVES);
      expect(read.map(({ index }) => index)).toEqual(read.map((_, i) => i));
      ends[read.length < LEAVES ? 'short' : 'whole'] += 1;
      opened.value.close();
    }
    expect(ends.short).toBeGreaterThan(0);
    expect(ends.refused).toBeGreaterThan(0);
  });

  /** Refused in one sentence, and not a byte of it changed. */
  const refuses = (
    path: string,
    open: () => { ok: boolean; detail?: string | undefined },
  ): string => {
    const before = readFileSync(path);
    const opened = open();
    expect(opened.ok).toBe(false);
    expect(sameBytes(readFileSync(path), before)).toBe(true);
    return opened.detail ?? '';
  };
  const setVersion = (path: string, version: number): void => {
    const db = new Database(path);
    db.pragma('journal_mode = WAL');
    db.pragma(`user_version = ${version}`);
    db.close();
  };

  test.each([0, SCHEMA_VERSION + 1, 99])(
    'R20: schema %i is refused in one sentence, by the log and by the app',
    async (version) => {
      rmSync(work, { recursive: true, force: true });
      cpSync(closed, work, { recursive: true });
      const log = join(work, FILES[0]);
      setVersion(log, version);
      expect(refuses(log, () => openLedger(log, vkey))).toBe(
        `the log has schema ${version}, and this program reads ${SCHEMA_VERSION} only`,
      );
      setVersion(log, SCHEMA_VERSION);
      expect(use(log)).toBe('harmless');

      const copy = join(work, 'replica.db');
      const made = openAppStore(copy, Date.now());
      if (!made.ok) throw new Error(made.detail);
      await made.value.store.close();
      const current = new Database(copy).pragma('user_version', { simple: true });
      setVersion(copy, Number(current) + (version === 0 ? -1 : version));
      expect(refuses(copy, () => openAppStore(copy, Date.now()))).toMatch(
        version === 0
          ? /^\S+ was written by an older Countersign/
          : /^\S+ was written by a newer Countersign/,
      );
      setVersion(copy, Number(current));
      const again = openAppStore(copy, Date.now());
      expect(again.ok && again.value.mended).toBe(undefined);
      if (again.ok) await again.value.store.close();
    },
  );
});
