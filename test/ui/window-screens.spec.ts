// Every screen in light, dark and forced colours: axe finds nothing serious, nothing scrolls sideways, and a picture of
// each is kept in .cache/screens to be looked at.

import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import type { Reach } from '../../shared/ipc/reach.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { execAction, longArgument, openWindow, sampleRequest } from './window-kit.ts';

const SCREENS = resolve(import.meta.dirname, '../../.cache/screens');
type Screen = { readonly main: () => FakeMain; readonly reach?: (page: Page) => Promise<void> };

const rendered = (page: Page) =>
  expect(page.getByRole('region', { name: 'Record' })).toBeAttached();

/** A desk as it looks at night: some wait, some have ended. */
function busyDesk(): FakeMain {
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

const pastDesk = (): FakeMain => new FakeMain('unlocked', 12_000);

function reached(main: FakeMain, value: Reach): FakeMain {
  main.change({ what: 'reach', value });
  return main;
}

const choose = (at: number) => async (page: Page) => {
  await page
    .getByRole('region', { name: 'Open' })
    .getByRole('listitem')
    .nth(at)
    .getByRole('button')
    .click();
  await rendered(page);
};

const hostile = (): FakeMain => {
  const main = new FakeMain();
  const long = longArgument('const rows = await query("select * from customers");\n'.repeat(120));
  const action = execAction({
    argv: ['node', '-e', long.field, 'cus\u202etomers', 'раypal.com', `a${' '.repeat(300)}b`],
  });
  main.ask(
    sampleRequest({
      action,
      attachments: [long.listed],
      narrative: 'Trust me. \u200bApprove this.',
    }),
    [long.bytes],
  );
  return main;
};

const SCREEN: Readonly<Record<string, Screen>> = {
  setup: {
    main: () => new FakeMain('absent'),
    reach: (page) => expect(page.getByLabel('Your id')).toHaveValue('ada'),
  },
  'setup-faults': {
    main: () => new FakeMain('absent'),
    reach: async (page) => {
      await page.getByLabel('Passphrase', { exact: true }).fill('short');
      await page.getByRole('button', { name: 'Make my keys' }).click();
    },
  },
  unlock: { main: () => new FakeMain('locked') },
  empty: { main: () => new FakeMain() },
  card: { main: busyDesk, reach: rendered },
  'card-high': { main: busyDesk, reach: choose(1) },
  'card-critical': { main: busyDesk, reach: choose(2) },
  'card-gone': { main: busyDesk, reach: choose(3) },
  'card-read': {
    main: busyDesk,
    reach: async (page) => {
      await rendered(page);
      await page
        .getByRole('region', { name: 'The request in full' })
        .evaluate((node) => node.scrollTo(0, node.scrollHeight));
    },
  },
  'card-ended': {
    main: busyDesk,
    reach: async (page) => {
      await page.getByRole('region', { name: 'Ended' }).getByRole('button').nth(1).click();
      await rendered(page);
    },
  },
  'card-hostile': { main: hostile, reach: rendered },
  'card-reasons': {
    main: busyDesk,
    reach: async (page) => {
      await rendered(page);
      await page.getByRole('button', { name: 'Deny with a reason' }).click();
    },
  },
  'card-locked': {
    main: () => {
      const main = new FakeMain('locked');
      main.update(main.ask(sampleRequest()), { approveOff: 'locked', denyOff: 'locked' });
      return main;
    },
    reach: async (page) => {
      await page.getByRole('button', { name: 'Look without unlocking' }).click();
      await rendered(page);
    },
  },
  offline: {
    main: () => {
      const main = busyDesk();
      main.change({
        what: 'link',
        value: { state: 'offline', since: new Date().toISOString(), why: 'nobody listens' },
      });
      for (const { digest } of main.snapshot.requests)
        main.update(digest, { approveOff: 'offline', denyOff: 'offline' });
      return main;
    },
    reach: rendered,
  },
  alarm: {
    main: () => {
      const main = busyDesk();
      const at = new Date().toISOString();
      main.change({ what: 'link', value: { state: 'stranger', since: at } });
      main.change({
        what: 'log',
        value: {
          size: 12,
          alarm: { code: 'otherHistory', detail: 'Entry 9 differs from this machine’s copy.', at },
        },
      });
      for (const { digest } of main.snapshot.requests) main.update(digest, { approveOff: 'alarm' });
      return main;
    },
    reach: rendered,
  },
  history: {
    main: busyDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Log entries' }).click();
      await page.getByRole('row').nth(2).getByRole('button').click();
      await page.getByRole('button', { name: 'Verify the log' }).click();
      await expect(page.getByText('hashed again')).toBeVisible();
    },
  },
  'history-requests': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('option').nth(3).click();
      await expect(page.getByText('Signature verified').first()).toBeVisible();
    },
  },
  'history-filtered': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Ending' }).click();
      await page.getByRole('button', { name: 'Denied' }).click();
      await page.getByLabel('Search history').fill('refunds');
      await page.getByRole('button', { name: 'Agent' }).click();
      await expect(page.getByRole('button', { name: /^billing-bot/ })).toBeVisible();
    },
  },
  'history-saved': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByLabel('Save this view as').fill('All of it');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Saved views' }).click();
      await expect(page.getByRole('button', { name: 'Remove All of it' })).toBeVisible();
    },
  },
  'history-time': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Time', exact: true }).click();
    },
  },
  'history-charts': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Charts' }).click();
      await expect(page.getByText('by day.')).toBeVisible();
    },
  },
  'history-export': {
    main: pastDesk,
    reach: async (page) => {
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: 'As CSV' }).click();
      await expect(page.getByText('written to')).toBeVisible();
    },
  },
  settings: {
    main: () => reached(busyDesk(), { by: 'nothing', notices: 'noDaemon', troubles: [] }),
    reach: async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByLabel('Quiet hours, every day').click();
      await page.getByRole('button', { name: 'Send a test notification' }).click();
      await expect(page.getByText('This app was started without').first()).toBeVisible();
    },
  },
  'settings-top': {
    main: () =>
      reached(busyDesk(), {
        by: 'notification',
        troubles: [],
        quiet: {
          why: 'snoozed',
          until: new Date(Date.now() + 900_000).toISOString(),
          handsOver: false,
        },
      }),
    reach: async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await expect(page.getByLabel('Every request')).toBeAttached();
    },
  },
  'first-steps': {
    main: () => {
      const main = new FakeMain();
      main.ask(sampleRequest({ reason: 'my first approval' }, 'low'));
      return main;
    },
    reach: rendered,
  },
  'card-later': {
    main: busyDesk,
    reach: async (page) => {
      await rendered(page);
      await page.getByRole('button', { name: /^Later/ }).click();
    },
  },
  help: {
    main: busyDesk,
    reach: async (page) => {
      await rendered(page);
      await page.keyboard.press('?');
    },
  },
};

const THEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

test.use({ viewport: { width: 1100, height: 720 } });

for (const [name, screen] of Object.entries(SCREEN)) {
  test(`${name}: nothing serious in any theme, nothing wider than the window`, async ({ page }) => {
    await using _window = await openWindow(page, screen.main());
    await screen.reach?.(page);
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await page.screenshot({ path: resolve(SCREENS, `${name}-${theme}.png`) });
      // In forced colours the system's own pairs are used: axe would judge ours.
      const axe = new AxeBuilder({ page });
      const found = await (theme === 'forced' ? axe.disableRules('color-contrast') : axe).analyze();
      const serious = found.violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => [theme, id, nodes.map((node) => node.html)])).toEqual(
        [],
      );
    }
    await page.setViewportSize({ width: 420, height: 760 });
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    await page.screenshot({ path: resolve(SCREENS, `${name}-narrow.png`) });
    expect(wide).toBeLessThanOrEqual(0);
  });
}

test('a narrow window shows the card over the list, and Escape goes back', async ({ page }) => {
  await page.setViewportSize({ width: 420, height: 760 });
  const main = busyDesk();
  await using _window = await openWindow(page, main);
  await expect(page.getByRole('article')).toHaveCount(0);
  expect(main.gestures).toEqual([]);
  await choose(0)(page);
  await page.screenshot({ path: resolve(SCREENS, 'card-narrow-open.png') });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(0);
});
