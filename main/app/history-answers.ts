// What answers the contract's `history` group: the log's pages and stories, the index's rows, counts and saved views, and
// the two that take their time (export, verify), which tell how far they are and can be stopped.

import { join } from 'node:path';
import type { Answers } from '../../shared/ipc/contract.ts';
import type { FoundRows } from '../../shared/ipc/history.ts';
import { fail, ok } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { AppPorts } from './compose.ts';
import type { DeskEntry } from './desk.ts';
import { historyPage, storySteps, verifyAll } from './history.ts';
import { chartsOf } from './history-charts.ts';
import { openExports } from './history-export.ts';
import type { FoundRequest, HistoryQuestion } from './ports.ts';
import type { Session } from './session.ts';
import type { AppState } from './state.ts';

export type HistoryPorts = {
  readonly ports: AppPorts;
  readonly state: AppState;
  readonly session: () => Session | undefined;
  readonly find: (session: Session, digest: string) => Promise<DeskEntry | undefined>;
};

export function buildHistoryAnswers(by: HistoryPorts): Answers['history'] {
  const { ports, state } = by;
  const { store, clock } = ports;
  const nameOf = (id: string): string =>
    by.session() === undefined ? id : reviewerName(by.session()?.keyring().keyring, id);
  const search = async (question: HistoryQuestion): Promise<FoundRows> => {
    const { rows, next, took } = await store.search(question);
    const named = rows.map((row) => withName(row, nameOf));
    return { rows: named, took, ...(next === undefined ? {} : { next }) };
  };
  const exports = openExports({
    folder: join(ports.home.app, 'exports'),
    clock,
    size: () => by.session()?.replica.size() ?? 0,
    search,
    tell: (exported) => state.tell('history.exported', exported),
  });
  return {
    page: async ({ before, limit }) => {
      const session = by.session();
      return session ? historyPage(store, session.keyring(), before, limit) : { rows: [] };
    },
    story: async ({ digest }) => {
      const session = by.session();
      const entry = session && (await by.find(session, digest));
      if (!session || !entry) return fail('unknownRequest');
      const steps = await storySteps(store, session.keyring(), digest);
      return ok({ summary: session.summaryOf(entry), steps });
    },
    search,
    values: async ({ of, starts, limit }) => ({
      values: [...(await store.values(of, starts ?? '', limit))],
    }),
    charts: async ({ filters, zone }) => {
      const began = clock.monotonic();
      const tally = await store.tally(filters);
      return chartsOf(tally, zone, nameOf, clock.monotonic() - began);
    },
    saved: async () => ({ views: [...(await store.savedViews())] }),
    savedPut: async (view) => ((await store.putSavedView(view)) ? ok({}) : fail('full')),
    savedRemove: async ({ name }) => {
      await store.removeSavedView(name);
      return {};
    },
    export: async (wish) => exports.start(wish),
    exportCancel: async ({ id }) => {
      exports.cancel(id);
      return {};
    },
    ...verifying(by),
  };
}

/** A second `verify` while one runs ends the first: only the newest is on a screen. */
function verifying({ ports, state, session }: HistoryPorts) {
  let turn = 0;
  return {
    verify: async () => {
      const open = session();
      if (!open) throw new Error('there is no log before the keys are made');
      turn += 1;
      const mine = turn;
      return verifyAll(ports.store, open.replica, open.keyring(), ports.clock.now(), {
        progress: (done, of) => state.tell('history.verifying', { done, of }),
        stopped: () => turn !== mine,
      });
    },
    verifyCancel: async () => {
      turn += 1;
      return {};
    },
  };
}

export const withName = ({ reviewer, ...row }: FoundRequest, nameOf: (id: string) => string) =>
  reviewer === undefined ? row : { ...row, reviewer: { id: reviewer, name: nameOf(reviewer) } };

export const reviewerName = (keyring: Keyring | undefined, id: string): string =>
  keyring?.reviewers.find((one) => one.id === id)?.name ?? id;
