// The new screens over the real app: the two commands of the first run as they stand on screen, and then history, its
// check and its export of what they left in the real log.

import { readFileSync } from 'node:fs';
import { expect, type Page } from 'playwright/test';
import { PASSPHRASE } from '../kit/real-app.ts';
import { settle } from '../ui/window-kit.ts';
import { test } from './hosted.ts';

/** The words after `run` of a line on screen, as a shell would split them. */
const wordsOf = (line: string): readonly string[] =>
  Array.from(line.replace(/^npx countersign run /, '').matchAll(/"([^"]*)"|(\S+)/g), (found) =>
    String(found[1] ?? found[2]),
  );

async function lineOf(page: Page, of: string): Promise<readonly string[]> {
  const line = await page.locator('code', { hasText: of }).first().textContent();
  return wordsOf(line ?? '');
}

test('the first run’s own lines are held, ticked off, found, checked and exported', async ({
  fresh: app,
}) => {
  const page = await app.open();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Three steps' })).toBeVisible({
    timeout: 20_000,
  });
  const lines = {
    approve: await lineOf(page, 'my first approval'),
    deny: await lineOf(page, 'my first denial'),
  };

  const first = app.run(...lines.approve);
  await expect(page.getByRole('article', { name: /run echo hello/ })).toBeVisible();
  const approve = page.getByRole('button', { name: 'Approve', exact: true });
  await expect(approve).toBeEnabled({ timeout: 15_000 });
  await settle(page);
  await approve.click();
  expect(await first.ended).toBe(0);
  expect(first.stdout()).toContain('hello');
  await expect(page.getByRole('listitem').filter({ hasText: /^Approve a request/ })).toContainText(
    'done',
  );

  const second = app.run(...lines.deny);
  await page.getByRole('button', { name: /run echo goodbye/ }).click();
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  expect(await second.ended).toBe(77);
  await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0);

  await page.getByRole('button', { name: 'History' }).click();
  const rows = page.getByRole('option');
  await expect(rows).toHaveCount(2);
  await page.getByLabel('Search history').fill('goodbye');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('Denied by');
  await rows.first().click();
  const steps = page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
  await expect(steps.first()).toContainText('Signature verified');
  await expect(page.getByText('Signature does not fit')).toHaveCount(0);

  await page.getByRole('button', { name: 'Verify the log' }).click();
  await expect(page.getByText(/all as it should be/)).toBeVisible();
  await expect(page.getByText('Head signed by')).toBeVisible();

  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'As JSON lines' }).click();
  await expect(page.getByText('1 request written to')).toBeVisible();
  const path = await page.locator('output code').first().textContent();
  const rowsWritten = readFileSync(path ?? '', 'utf8')
    .trim()
    .split('\n');
  expect(rowsWritten).toHaveLength(1);
  expect(rowsWritten[0]).toContain('goodbye');

  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('button', { name: 'Charts' }).click();
  await expect(page.getByText(/^2 requests, by hour\.$/)).toBeVisible();
});

test('settings of the real app are read, stored and survive a restart', async ({ app }) => {
  const page = await app.open();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByLabel('Say what is asked').click();
  await expect(page.getByLabel('Say what is asked')).not.toBeChecked();
  await page.getByRole('button', { name: 'Send a test notification' }).click();
  // Whatever this machine can show: it is said, and nothing is claimed.
  await expect(
    page.getByText(/Did you see it\?|notification|session|notify-send/).first(),
  ).toBeVisible();
  await app.stop();
  const again = await app.open();
  await again.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(again.getByLabel('Say what is asked')).not.toBeChecked();
});
