// A busy desk, and what a screen of the tests is: a main, and how a person gets there in whatever language the window speaks.

import type { Page } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { execAction, sampleRequest } from './window-kit.ts';

/** What the window's own words are in the language that is on. */
export type Say = (english: string) => string;
export const english: Say = (text) => text;
export type Screen = {
  readonly main: () => FakeMain;
  readonly reach?: (page: Page, say: Say) => Promise<void>;
};

/** A desk as it looks at night: some wait, some have ended. */
export function busyDesk(): FakeMain {
  const main = new FakeMain();
  const push = execAction({
    argv: ['git', 'push', '--force', 'origin', 'main'],
    cwd: '/srv/checkout/payments',
    executable: {
      path: '/usr/bin/git',
      sha256: '41'.repeat(32),
      size: 3_120_440,
      mode: '0755',
      uid: 0,
      gid: 0,
    },
    env: [{ name: 'GIT_SSH_COMMAND', value: 'ssh -i /run/deploy-key' }],
  });
  const { script: _script, ...plain } = push;
  const drop = sampleRequest(
    {
      action: {
        ...plain,
        argv: ['psql', '-c', 'drop table orders'],
        executable: { ...plain.executable, path: '/usr/bin/psql' },
      },
      agent: { id: 'schema-agent', session: 'migration 41', onBehalfOf: 'ada', authn: 'declared' },
      guard: { id: 'db-guard', keyId: '5a'.repeat(32), host: 'db-1.prod', mode: 'run' },
      reason: 'Table is replaced by orders_v2',
      ttlMs: 90_000,
    },
    'critical',
  );
  const denied = main.ask(sampleRequest({ reason: 'first try' }, 'low'));
  main.update(denied, {
    stage: 'ended',
    how: 'denied',
    approveOff: 'ended',
    denyOff: 'ended',
    decisions: [
      {
        sha256: '12'.repeat(32),
        verdict: 'deny',
        reviewer: 'Ada Marlow',
        presence: 'click',
        reason: 'Wrong target',
        at: new Date().toISOString(),
      },
    ],
  });
  const done = main.ask(sampleRequest({ reason: 'earlier' }));
  main.update(done, {
    stage: 'ended',
    how: 'approved',
    run: 'finished',
    exit: '0',
    approveOff: 'ended',
    denyOff: 'ended',
  });
  main.ask(sampleRequest());
  main.ask(sampleRequest({ action: plain, reason: 'Rebase of the release branch' }, 'high'));
  main.ask(drop);
  const gone = main.ask(sampleRequest({ reason: 'low' }, 'low'));
  main.update(gone, { guardState: 'gone', approveOff: 'agentGone' });
  return main;
}
