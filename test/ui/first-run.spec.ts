// The first run: keys, then two harmless requests, ticked off by what the log says and by nothing else.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain, PASSPHRASE } from '../kit/fake-bridge.ts';
import { approve, deny, openWindow, sampleRequest, settle } from './window-kit.ts';

const step = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ hasText: new RegExp(`^${name}`) });

test('three steps from no keys to one approval and one denial', async ({ page }) => {
  const main = new FakeMain('absent');
  await using _window = await openWindow(page, main);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Three steps' })).toBeVisible();
  await expect(step(page, 'Your keys are made')).toContainText('done');
  await expect(step(page, 'Approve a request')).toHaveAttribute('aria-current', 'step');
  await expect(
    page.getByText('npx countersign run --reason "my first approval" -- echo hello'),
  ).toBeVisible();

  main.ask(sampleRequest({ reason: 'my first approval' }, 'low'));
  await settle(page);
  await approve(page).click();
  await expect(step(page, 'Approve a request')).toContainText('done');
  await expect(step(page, 'Deny a request')).toHaveAttribute('aria-current', 'step');

  main.ask(sampleRequest({ reason: 'my first denial' }, 'low'));
  await page.getByRole('button', { name: 'Next request that waits' }).click();
  await deny(page).click();
  await expect(page.getByText('Denied.').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0);
});

test('a line is copied by its button, and selected where copying is forbidden', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-write']);
  await using _window = await openWindow(page, new FakeMain());
  const copy = page.getByRole('button', { name: /^Copy: .*my first denial/ });
  await copy.click();
  await expect(copy).toHaveText('Copied');
  await page.getByLabel('Filter requests').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(page.getByLabel('Filter requests')).toHaveValue(
    'npx countersign run --reason "my first denial" -- echo goodbye',
  );
  await page.evaluate(() => {
    Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject() });
  });
  await copy.click();
  await expect(copy).toHaveText('Selected: press Ctrl+C');
  expect(await page.evaluate(() => getSelection()?.toString())).toContain('my first denial');
});

test('the steps can be put away, and a desk that has been used for long shows none', async ({
  page,
}) => {
  const main = new FakeMain('unlocked', 100);
  await using _window = await openWindow(page, main);
  await expect(page.getByText('npx countersign run --reason "why" -- your command')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Three steps' })).toHaveCount(0);
});

test('hidden steps stay hidden', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await page.getByRole('button', { name: 'Hide these steps' }).click();
  await expect(page.getByText('npx countersign run --reason "why" -- your command')).toBeVisible();
  main.ask(sampleRequest());
  await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0);
});
