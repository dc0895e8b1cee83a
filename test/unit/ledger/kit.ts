// A scratch log: keys, drafts, and the file itself for whoever wants to damage it.

import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import type { Entry, LeafDraft } from '../../../main/ledger/entry.ts';
import { type Ledger, openLedger } from '../../../main/ledger/ledger.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';

export const logKey = generateKeyPair();
export const vkey = vkeyOf('log.test/1', NOTE_TYPE, publicKeyOf(logKey));

export const draft = (text: string): LeafDraft => {
  const payload = utf8(`payload ${text}`);
  return { leaf: utf8(`leaf ${text}`), payload, payloadSha256: sha256Hex(payload) };
};
export const entry = (text: string): Entry => ({ leaf: draft(text) });
export const entries = (count: number, from = 0): Entry[] =>
  Array.from({ length: count }, (_, i) => entry(String(from + i)));

export type Scratch = {
  readonly path: string;
  readonly open: () => Ledger;
  /** The same log as a kill at this moment leaves it, opened again elsewhere. */
  readonly killed: () => Ledger;
  /** As another program would, past every rule of ours. */
  readonly damage: (sql: string) => void;
  readonly clean: () => void;
};

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
  const path = join(folder, 'log.sqlite');
  const opened: Ledger[] = [];
  const openAt = (at: string): Ledger => {
    const ledger = openLedger(at, vkey);
    invariant(ledger.ok, `the log opens: ${ledger.ok ? '' : ledger.detail}`);
    opened.push(ledger.value);
    return ledger.value;
  };
  let kills = 0;
  return {
    path,
    open: () => openAt(path),
    killed: () => {
      kills += 1;
      const copy = join(folder, `killed-${kills}.sqlite`);
      for (const end of ['', '-wal']) if (existsSync(path + end)) cpSync(path + end, copy + end);
      return openAt(copy);
    },
    damage: (sql) => {
      const db = new Database(path);
      db.exec(sql);
      db.close();
    },
    clean: () => {
      for (const ledger of opened) ledger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
