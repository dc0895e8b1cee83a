// The screens of approve with changes: the editor of a proposal, and the cards on both ends of it.

import { expect, type Page } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { busyDesk, type Say, type Screen } from './desks.ts';
import { execAction, sampleRequest } from './window-kit.ts';

const editor = async (page: Page, say: Say): Promise<void> => {
  await page.getByRole('button', { name: say('Change… Deny, and propose something else') }).click();
  const text = page.getByLabel(say('Argument 0, the program'), { exact: true });
  await text.fill('7\u202e');
  await expect(page.getByRole('list', { name: say('What would change') })).toBeVisible();
};

/** A request that changes another one, alone in the list of what is open. */
function changedDesk(): FakeMain {
  const main = new FakeMain();
  const parent = main.ask(sampleRequest());
  main.update(parent, { stage: 'ended', how: 'denied' });
  const argv = ['node', 'export.js', 'orders', '--format', 'csv', '--limit=100'];
  main.ask(sampleRequest({ parent, action: execAction({ argv }) }));
  return main;
}

export const CHANGE_SCREENS: Readonly<Record<string, Screen>> = {
  'card-change': { main: busyDesk, reach: editor },
  'card-change-fault': {
    main: busyDesk,
    reach: async (page, say) => {
      await editor(page, say);
      await page.getByLabel(say('Argument 0, the program'), { exact: true }).fill('⟦U+');
      await expect(page.getByRole('alert').first()).toBeVisible();
    },
  },
  'card-changed': {
    main: changedDesk,
    reach: async (page, say) => {
      await expect(
        page.getByRole('region', { name: say('Changed from a denied request') }),
      ).toBeVisible();
    },
  },
};
