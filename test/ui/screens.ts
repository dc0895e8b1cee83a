// Every screen of the window, and how a person gets there; in whatever language the window speaks.

import { expect, type Page } from 'playwright/test';
import type { Reach } from '../../shared/ipc/reach.ts';
import type { Joining } from '../../shared/ipc/snapshot.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { comparing, joiningAs } from '../kit/fake-setup.ts';
import { busyDesk, type Say, type Screen } from './desks.ts';
import { CHANGE_SCREENS } from './screens-changes.ts';
import { GRANT_SCREENS } from './screens-grants.ts';
import { execAction, longArgument, sampleRequest } from './window-kit.ts';

const rendered = (page: Page, say: Say) =>
  expect(page.getByRole('region', { name: say('Record') })).toBeAttached();

function joining(value: Joining): FakeMain {
  const main = new FakeMain('absent');
  main.change({ what: 'joining', value });
  return main;
}

const pastDesk = (): FakeMain => new FakeMain('unlocked', 12_000);

function reached(main: FakeMain, value: Reach): FakeMain {
  main.change({ what: 'reach', value });
  return main;
}

export const choose = (at: number) => async (page: Page, say: Say) => {
  await page
    .getByRole('region', { name: say('Open') })
    .getByRole('listitem')
    .nth(at)
    .getByRole('button')
    .click();
  await rendered(page, say);
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

/** Of a team with a rota: the first request is asked of others, and this person is away. */
function onCallDesk(): FakeMain {
  const main = reached(busyDesk(), { by: 'notification', troubles: [] });
  const at = new Date(Date.now() + 3600_000).toISOString();
  const first = main.snapshot.requests.find(({ stage }) => stage === 'open');
  if (first !== undefined)
    main.update(first.digest, {
      asked: {
        mine: false,
        people: [
          { name: 'Bea Lind', me: false, why: 'onCall' },
          { name: 'Carl Ott', me: false, why: 'unseen' },
        ],
        next: { at, names: ['Dora Quist'] },
      },
    });
  main.change({
    what: 'onCall',
    value: {
      groups: [
        {
          group: 'dba',
          now: [{ name: 'Ada Marlow', me: true, trouble: 'away' }],
          next: { at, names: ['Bea Lind'] },
        },
        { group: 'security', now: [], next: { at, names: ['Carl Ott'] } },
      ],
      away: at,
    },
  });
  return main;
}

export const SCREENS: Readonly<Record<string, Screen>> = {
  ...CHANGE_SCREENS,
  ...GRANT_SCREENS,
  setup: {
    main: () => new FakeMain('absent'),
    reach: (page, say) => expect(page.getByLabel(say('Your id'))).toHaveValue('ada'),
  },
  'setup-faults': {
    main: () => new FakeMain('absent'),
    reach: async (page, say) => {
      await page.getByLabel(say('Passphrase'), { exact: true }).fill('short');
      await page.getByRole('button', { name: say('Make my keys') }).click();
    },
  },
  'setup-team': {
    main: () => new FakeMain('absent'),
    reach: async (page, say) => {
      await page.getByLabel(say('Join a team')).click();
      await page.getByLabel(say('Invitation')).fill('wss://broker.acme.example:8750#acme');
      await page.getByLabel(say('Passphrase'), { exact: true }).fill('correct horse battery');
      await page.getByLabel(say('Passphrase again')).fill('correct horse battery');
      await page.getByRole('button', { name: say('Make my keys and ask') }).click();
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  'joining-waits': { main: () => joining(joiningAs({ org: 'acme' })) },
  'joining-gives-up': {
    main: () => joining(joiningAs({ state: 'offline' })),
    reach: (page, say) => page.getByRole('button', { name: say('Give up and start over') }).click(),
  },
  'joining-compares': { main: () => joining(comparing()) },
  'joining-stopped': {
    main: () => joining(joiningAs({ state: 'stopped', trouble: { code: 'notAccepted' } })),
  },
  unlock: { main: () => new FakeMain('locked') },
  empty: { main: () => new FakeMain() },
  card: { main: busyDesk, reach: rendered },
  'card-high': { main: busyDesk, reach: choose(1) },
  'card-critical': { main: busyDesk, reach: choose(2) },
  'card-gone': { main: busyDesk, reach: choose(3) },
  'card-read': {
    main: busyDesk,
    reach: async (page, say) => {
      await rendered(page, say);
      await page
        .getByRole('region', { name: say('The request in full') })
        .evaluate((node) => node.scrollTo(0, node.scrollHeight));
    },
  },
  'card-ended': {
    main: busyDesk,
    reach: async (page, say) => {
      await page
        .getByRole('region', { name: say('Ended') })
        .getByRole('button')
        .nth(1)
        .click();
      await rendered(page, say);
    },
  },
  'card-hostile': { main: hostile, reach: rendered },
  'card-reasons': {
    main: busyDesk,
    reach: async (page, say) => {
      await rendered(page, say);
      await page.getByRole('button', { name: say('Deny with a reason') }).click();
    },
  },
  'card-locked': {
    main: () => {
      const main = new FakeMain('locked');
      main.update(main.ask(sampleRequest()), { approveOff: 'locked', denyOff: 'locked' });
      return main;
    },
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('Look without unlocking') }).click();
      await rendered(page, say);
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
  exposed: {
    main: () => {
      const main = busyDesk();
      const since = new Date().toISOString();
      main.change({ what: 'link', value: { state: 'online', since, exposed: true } });
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
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Log entries') }).click();
      await page.getByRole('row').nth(2).getByRole('button').click();
      await page.getByRole('button', { name: say('Verify the log') }).click();
      await expect(page.getByText(say('hashed again'))).toBeVisible();
    },
  },
  'history-requests': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('option').nth(3).click();
      await expect(page.getByText(say('Signature verified')).first()).toBeVisible();
    },
  },
  'history-filtered': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Ending') }).click();
      await page.getByRole('button', { name: say('Denied') }).click();
      await page.getByLabel(say('Search history')).fill('refunds');
      await page.getByRole('button', { name: say('Agent') }).click();
      await expect(page.getByRole('button', { name: /^billing-bot/ })).toBeVisible();
    },
  },
  'history-saved': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Saved views') }).click();
      await page.getByLabel(say('Save this view as')).fill('All of it');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: say('Saved views') }).click();
      await expect(page.getByRole('button', { name: `${say('Remove')} All of it` })).toBeVisible();
    },
  },
  'history-time': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Time'), exact: true }).click();
    },
  },
  'history-charts': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Charts') }).click();
      await expect(page.getByText(say('by day.'))).toBeVisible();
    },
  },
  'history-export': {
    main: pastDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('History') }).click();
      await page.getByRole('button', { name: say('Export'), exact: true }).click();
      await page.getByRole('button', { name: say('As CSV') }).click();
      await expect(page.getByText(say('written to'))).toBeVisible();
    },
  },
  settings: {
    main: () => reached(busyDesk(), { by: 'nothing', notices: 'noDaemon', troubles: [] }),
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('Settings') }).click();
      await page.getByLabel(say('Quiet hours, every day')).click();
      await page.getByRole('button', { name: say('Send a test notification') }).click();
      await expect(page.getByText(say('This app was started without')).first()).toBeVisible();
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
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('Settings') }).click();
      await expect(page.getByLabel(say('Every request'))).toBeAttached();
    },
  },
  'on-call-card': {
    main: () => {
      const main = onCallDesk();
      const now = [{ name: 'Bea Lind', me: false, trouble: 'offline' as const }];
      main.change({ what: 'onCall', value: { groups: [{ group: 'dba', now }] } });
      return main;
    },
    reach: rendered,
  },
  'on-call-settings': {
    main: onCallDesk,
    reach: async (page, say) => {
      await page.getByRole('button', { name: say('Settings') }).click();
      await page
        .getByRole('region', { name: say('On call') })
        .getByRole('button', { name: say('Go away') })
        .scrollIntoViewIfNeeded();
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
    reach: async (page, say) => {
      await rendered(page, say);
      await page.getByRole('button', { name: say('Later') }).click();
    },
  },
  help: {
    main: busyDesk,
    reach: async (page, say) => {
      await rendered(page, say);
      await page.keyboard.press('?');
    },
  },
};
