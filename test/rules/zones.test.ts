// The import directions hold, and the check that says so sees a planted fault of every kind.

import { describe, expect, test } from 'vitest';
import { codeFiles, type Source } from './sources.ts';
import { reachFaults, zoneFaults } from './zones.ts';

const planted: readonly (readonly [path: string, text: string])[] = [
  ['shared/domain/x.ts', "import { readFileSync } from 'node:fs';"],
  ['shared/domain/x.ts', "import { sign } from '../../main/trust/sign.ts';"],
  ['shared/domain/x.ts', "import { create } from 'zustand';"],
  ['main/trust/x.ts', "import { open } from '../ledger/open.ts';"],
  ['main/trust/x.ts', "import { readFileSync } from 'node:fs';"],
  ['main/ledger/x.ts', "import { socket } from '../link/socket.ts';"],
  ['main/broker/x.ts', "import { gate } from '../guard/gate.ts';"],
  ['main/broker/x.ts', "import Database from 'better-sqlite3';"],
  ['main/guard/x.ts', "import type { Ledger } from '../ledger/ledger.ts';"],
  ['main/guard/x.ts', "export { inbox } from '../app/inbox.ts';"],
  ['main/guard/hook/x.ts', "const page = await import('../../hosts/browser/page.ts');"],
  ['main/guard/x.ts', "type Desk = import('../broker/desk.ts').Desk;"],
  ['main/guard/x.ts', "import { app } from 'electron';"],
  ['main/guard/x.ts', "import { useState } from 'react';"],
  ['main/guard/x.ts', 'const name: string = pick(); await import(name);'],
  ['main/app/inbox.ts', "import Database from 'better-sqlite3';"],
  ['main/app/inbox.ts', "import { open } from '../hosts/browser/open.ts';"],
  ['main/app/inbox.ts', "import { BrowserWindow } from 'electron';"],
  ['main/hosts/browser/x.ts', "import { BrowserWindow } from 'electron';"],
  ['main/cli/x.ts', "import { main } from '../cli.ts';"],
  ['preload/index.ts', "import { inbox } from '../main/app/inbox.ts';"],
  ['renderer/store/x.ts', "import { inbox } from '../../main/app/inbox.ts';"],
  ['renderer/store/x.ts', "import { readFileSync } from 'node:fs';"],
];

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['shared/domain/x.ts', "import { z } from 'zod'; import { ok } from '../result.ts';"],
  ['main/ledger/x.ts', "import Database from 'better-sqlite3';"],
  ['main/app/store/x.ts', "import Database from 'better-sqlite3';"],
  ['main/index.ts', "import { app } from 'electron';"],
  ['main/cli/run.ts', "import { gate } from '../guard/gate.ts';"],
  ['renderer/store/x.ts', "import { create } from 'zustand';"],
];

describe('import directions', () => {
  test.each(planted)('%s is refused: %s', (path, text) => {
    expect(zoneFaults({ path, text })).toHaveLength(1);
  });

  test.each(allowed)('%s may: %s', (path, text) => {
    expect(zoneFaults({ path, text })).toEqual([]);
  });

  test('every file keeps to its folder', () => {
    expect(codeFiles().flatMap(zoneFaults)).toEqual([]);
  });
});

describe('what is never loaded, not even by a long way round', () => {
  const program = (...files: readonly (readonly [string, string])[]): readonly Source[] =>
    files.map(([path, text]) => ({ path, text }));

  test('a guard that reaches SQLite through a neighbour is caught', () => {
    const faults = reachFaults(
      program(
        ['main/guard/gate.ts', "import { a } from '../link/a.ts';"],
        ['main/link/a.ts', "export const a = () => import('better-sqlite3');"],
      ),
    );
    expect(faults).toHaveLength(1);
  });

  test('the command line may load SQLite on demand, not at its start', () => {
    const log = ['main/cli/log.ts', "import '../ledger/open.ts';"] as const;
    const open = ['main/ledger/open.ts', "import Database from 'better-sqlite3';"] as const;
    const lazy = program(['main/cli.ts', "await import('./cli/log.ts');"], log, open);
    const eager = program(['main/cli.ts', "import './cli/log.ts';"], log, open);
    expect(reachFaults(lazy)).toEqual([]);
    expect(reachFaults(eager)).toHaveLength(1);
  });

  test('a type alone loads nothing', () => {
    const typed = program(['main/browser.ts', "import type { D } from 'better-sqlite3';"]);
    expect(reachFaults(typed)).toEqual([]);
  });

  test('this repository keeps to it', () => {
    expect(reachFaults(codeFiles())).toEqual([]);
  });
});
