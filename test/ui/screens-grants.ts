// The screens of grants: what is granted now, and the form under an approved request.

import { expect, type Page } from 'playwright/test';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import { grantRow } from '../kit/fake-grants.ts';
import type { FakeMain } from '../kit/fake-bridge.ts';
import { busyDesk, type Say, type Screen } from './desks.ts';

/** The form under an approved request. */
const allowAgain = async (page: Page, say: Say): Promise<void> => {
  await page
    .getByRole('region', { name: say('Ended') })
    .getByRole('button')
    .first()
    .click();
  await page.getByRole('button', { name: say('Allow again…') }).click();
  await expect(page.getByLabel(say('Exactly this action, byte for byte'))).toBeVisible();
};

const granted = async (page: Page, say: Say): Promise<void> => {
  await page.getByRole('button', { name: say('Granted') }).click();
  await expect(page.getByRole('heading', { name: say('Granted now') })).toBeVisible();
};

/** One in force, one that waits for others, one that was ended. */
function grantedDesk(): FakeMain {
  const main = busyDesk();
  const at = Date.now();
  const terms: GrantTerms = {
    org: 'acme',
    log: 'log.acme.example/main',
    guard: 'build-guard',
    agent: 'night-agent',
    onBehalfOf: 'ada',
    policy: '77'.repeat(32),
    tier: 'medium',
    actions: { same: '41'.repeat(32) },
    uses: 3,
    perHour: 2,
    from: new Date(at).toISOString(),
    until: new Date(at + 3_600_000).toISOString(),
  };
  const where = { when: '["node"].containsAll(context.commands) && !context.outside' };
  const value = [
    grantRow(terms, { used: 1 }),
    grantRow({ ...terms, uses: 9, actions: where }, { state: 'waiting', missing: 1 }),
    grantRow({ ...terms, uses: 5 }, { state: 'ended', endedBy: 'Bea Ferrand', used: 2 }),
  ];
  main.change({ what: 'grants', value });
  return main;
}

export const GRANT_SCREENS: Readonly<Record<string, Screen>> = {
  granted: {
    main: grantedDesk,
    reach: granted,
  },
  'granted-none': {
    main: busyDesk,
    reach: granted,
  },
  'allow-again': { main: busyDesk, reach: allowAgain },
  'allow-again-own': {
    main: busyDesk,
    reach: async (page, say) => {
      await allowAgain(page, say);
      await page.getByLabel(say('What a condition of your own says')).click();
      await page.getByLabel(say('How often in all (1 to 100)')).fill('101');
      await expect(page.getByText(say('A number from 1 to 100.'))).toBeVisible();
    },
  },
  'allow-again-terms': {
    main: busyDesk,
    reach: async (page, say) => {
      await allowAgain(page, say);
      await page.getByRole('button', { name: say('Show the terms') }).click();
      await expect(page.getByText(say('The exact terms that you sign'))).toBeVisible();
    },
  },
};
