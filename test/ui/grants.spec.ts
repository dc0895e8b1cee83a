// Allow again in the window: the bounds, the exact terms, one click; and the screen of what is granted now.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { approve, openWindow, readAll, sampleRequest, settle } from './window-kit.ts';

/** Approved with a click; the card says so. */
async function approved(page: Page, main: FakeMain): Promise<string> {
  const digest = main.ask(sampleRequest());
  await readAll(page);
  await settle(page);
  await approve(page).click();
  await expect(page.getByText('Approved, ran (0).').first()).toBeVisible();
  return digest;
}

test('an approved action is allowed again by its exact terms, and ended with one click', async ({
  page,
}) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  const digest = await approved(page, main);
  await page.getByRole('button', { name: 'Allow again…' }).click();
  await page.getByLabel('How often in all (1 to 100)').fill('2');
  await page.getByLabel('At most in an hour (empty: no limit)').fill('1');
  await page.getByLabel('15 minutes').click();
  await page.getByRole('button', { name: 'Show the terms' }).click();
  const form = page.getByRole('region', { name: 'Allow this again without being asked' });
  await expect(form).toContainText('at most 2 in all, at most 1 an hour');
  await expect(form).toContainText('night-agent for ada');
  await form.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page.getByText('Allowed. It is in the log, and under Granted.')).toBeVisible();
  expect(main.snapshot.grants).toMatchObject([
    { request: digest, uses: 2, perHour: 1, state: 'live' },
  ]);
  await expect(page.getByText('1 grant in force')).toBeAttached();
  await page.getByRole('button', { name: 'Granted' }).click();
  const rows = page.getByRole('list', { name: 'In force' });
  await expect(rows).toContainText('used 0 of 2, at most 1 an hour, until');
  await expect(rows).toContainText('Granted by Ada Marlow');
  await rows.getByRole('button', { name: 'End now' }).click();
  await expect(page.getByRole('list', { name: 'In the last day' })).toContainText(
    'Ended by Ada Marlow',
  );
  await expect(page.getByText('Nothing is granted.')).toBeVisible();
});

test('a suggested condition stands in the terms as it will be read, and a wrong one is refused in words', async ({
  page,
}) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await approved(page, main);
  await page.getByRole('button', { name: 'Allow again…' }).click();
  await page.getByRole('radio', { name: 'The same kind of action' }).click();
  await page.getByRole('button', { name: 'Show the terms' }).click();
  const form = page.getByRole('region', { name: 'Allow this again without being asked' });
  await expect(form).toContainText('["node"].containsAll(context.commands)');
  await form.getByRole('button', { name: 'Change the bounds' }).click();
  await page.getByLabel('What a condition of your own says').click();
  await page.getByLabel('Cedar condition').fill('context.approved');
  await page.getByRole('button', { name: 'Show the terms' }).click();
  await expect(form.getByRole('alert')).toContainText(
    'That is not one valid condition: it asks whether people have approved',
  );
});

test('terms that the screen shows otherwise than they are signed are refused', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await approved(page, main);
  await page.getByRole('button', { name: 'Allow again…' }).click();
  await page.getByRole('button', { name: 'Show the terms' }).click();
  const form = page.getByRole('region', { name: 'Allow this again without being asked' });
  await form.getByText('at most 3 in all').evaluate((node) => {
    node.textContent = 'at most 1 in all, no limit an hour';
  });
  await form.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('Nothing was signed.');
  expect(main.snapshot.grants ?? []).toEqual([]);
});

test('a number that is no bound turns the button off and says why', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await approved(page, main);
  await page.getByRole('button', { name: 'Allow again…' }).click();
  const show = page.getByRole('button', { name: 'Show the terms' });
  await page.getByLabel('How often in all (1 to 100)').fill('101');
  await expect(page.getByText('A number from 1 to 100.')).toBeVisible();
  await expect(show).toHaveAttribute('aria-disabled', 'true');
  await page.getByLabel('How often in all (1 to 100)').fill('100');
  await expect(show).not.toHaveAttribute('aria-disabled', 'true');
});

test('what takes more than a click, or was denied, has no such button', async ({ page }) => {
  const main = new FakeMain();
  const high = main.ask(sampleRequest({}, 'high'));
  main.update(high, { stage: 'ended', how: 'approved', run: 'finished', exit: '0' });
  const denied = main.ask(sampleRequest());
  main.update(denied, { stage: 'ended', how: 'denied' });
  await using _window = await openWindow(page, main);
  for (const at of [0, 1]) {
    await page.getByRole('region', { name: 'Ended' }).getByRole('button').nth(at).click();
    await expect(page.getByRole('button', { name: 'Its whole story' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Allow again…' })).toHaveCount(0);
  }
});
