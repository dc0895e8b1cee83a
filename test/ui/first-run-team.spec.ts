// The first run of somebody who joins a team: the form, the words, the roots to compare, and the ways it can end. By
// keyboard alone, and read by name and role.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain, PASSPHRASE } from '../kit/fake-bridge.ts';
import { comparing, INVITATION, joiningAs, letIn } from '../kit/fake-setup.ts';
import { openWindow, sampleRequest } from './window-kit.ts';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Presses Tab until it is there. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    if (await button(page, name).evaluate((node) => node === document.activeElement)) return;
  }
  throw new Error(`no way by Tab to ${name}`);
}

test('by keyboard alone from the choice to the words, and to the desk once let in', async ({
  page,
}) => {
  const main = new FakeMain('absent');
  await using _window = await openWindow(page, main);
  await page.getByRole('radio', { name: 'Work alone' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Join a team' })).toBeChecked();
  for (const text of [INVITATION, undefined, undefined, PASSPHRASE, PASSPHRASE]) {
    await page.keyboard.press('Tab');
    if (text !== undefined) await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Read these words to an administrator')).toBeFocused();
  const { joining } = main.snapshot;
  expect(joining?.words).toMatch(/^(\S+ ){7}\S+$/);
  await expect(page.getByRole('region', { name: 'The words of this device' })).toContainText(
    joining?.words ?? '',
  );
  await expect(page.getByText('Ada Marlow (ada) on ada-laptop, into acme')).toBeVisible();

  main.change({ what: 'joining', value: joiningAs({ state: 'offline' }) });
  await expect(page.getByRole('status')).toContainText('Trying again; the words stay the same');
  main.ask(sampleRequest());
  letIn(joiningAs(), (...changes) => main.change(...changes));
  await page.getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Open' })).toBeVisible();
});

test('an invitation that is not whole is one clear sentence beside its field', async ({ page }) => {
  const main = new FakeMain('absent');
  await using _window = await openWindow(page, main);
  await page.getByLabel('Join a team').click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  const field = page.getByLabel('Invitation');
  const ask = button(page, 'Make my keys and ask');
  await ask.click();
  await expect(field).toHaveAccessibleDescription(/Paste the invitation/);
  await field.fill(INVITATION.slice(0, -4));
  await ask.click();
  await expect(field).toHaveAccessibleDescription(/That is not a whole invitation/);
  await expect(page.getByRole('alert')).toHaveCount(1);
  await field.fill('ws://broker.acme.example:8750');
  await ask.click();
  await expect(field).toHaveAccessibleDescription(/is not encrypted/);
  expect(main.snapshot.joining).toBeUndefined();
});

test('the words are copied as one line', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-write']);
  const main = new FakeMain('absent');
  main.change({ what: 'joining', value: joiningAs() });
  await using _window = await openWindow(page, main);
  await page.getByRole('button', { name: /^Copy the words/ }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  main.change({ what: 'joining' });
  await page.getByLabel('Join a team').click();
  await page.getByLabel('Invitation').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(page.getByLabel('Invitation')).toHaveValue(joiningAs().words);
});

test('the roots are compared by a person: the same words let in, others stop', async ({ page }) => {
  const main = new FakeMain('absent');
  main.change({ what: 'joining', value: comparing() });
  await using _window = await openWindow(page, main);
  await expect(heading(page, 'Is this your team?')).toBeVisible();
  await expect(page.getByRole('region', { name: 'The words of the roots' })).toContainText(
    comparing().rootWords ?? '',
  );
  await tabTo(page, 'They differ');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'You are not in')).toBeFocused();
  await expect(page.getByRole('alert')).toContainText('the words of the roots differ');
  await tabTo(page, 'Ask again');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Read these words to an administrator')).toBeFocused();

  main.change({ what: 'joining', value: comparing() });
  await tabTo(page, 'They are the same');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Unlock to decide')).toBeVisible();
});

test('giving up is asked twice and leads back to the choice', async ({ page }) => {
  const main = new FakeMain('absent');
  main.change({ what: 'joining', value: joiningAs() });
  await using _window = await openWindow(page, main);
  await tabTo(page, 'Give up and start over');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Keep them');
  await page.keyboard.press('Enter');
  expect(main.snapshot.joining).toBeDefined();
  await button(page, 'Give up and start over').click();
  await button(page, 'Throw the keys away').click();
  await expect(page.getByRole('radio', { name: 'Work alone' })).toBeChecked();
});

test('a connection that is not encrypted is said for as long as it is so', async ({ page }) => {
  const main = new FakeMain();
  const since = new Date().toISOString();
  main.change({ what: 'link', value: { state: 'online', since, exposed: true } });
  await using _window = await openWindow(page, main);
  const banner = page.getByText('This connection is not encrypted.');
  await expect(banner).toBeVisible();
  await expect(page.getByText('Others on the network can read every request')).toBeVisible();
  main.change({ what: 'link', value: { state: 'online', since } });
  await expect(banner).toHaveCount(0);
});
