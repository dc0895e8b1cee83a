// The first start, in the real Electron: setup, an approval and a denial of real commands, a restart in between.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { keepScreen, PASSPHRASE, Place, readAll, runHeld, settle, startApp } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

let session: Session;
test.beforeAll(async () => {
  session = await openSession({ tray: true });
});
test.afterAll(() => session.close());

test('first run: the keys are made in the window, and a command is approved by a click', async () => {
  using place = new Place();
  await using app = await startApp(session, place, { unlocked: false });
  const { page } = app;
  await expect(page.getByRole('heading', { name: 'Set up Countersign' })).toBeVisible();
  await keepScreen(page, 'first-run');
  await page.getByLabel('Your id').fill('ada');
  await page.getByLabel('Your name').fill('Ada Marlow');
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Make my keys' }).click();
  await expect(page.getByRole('region', { name: 'Open' })).toBeVisible({ timeout: 20_000 });
  await keepScreen(page, 'empty-desk');

  const made = join(place.folder, 'made');
  const run = runHeld(place, ['sh', '-c', `echo done > ${made}`]);
  await expect(page.getByRole('region', { name: 'Open' }).getByRole('button')).toHaveCount(1);
  await keepScreen(page, 'card');
  await readAll(page);
  await settle(page);
  expect(existsSync(made)).toBe(false);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  expect(await run.ended).toBe(0);
  expect(readFileSync(made, 'utf8')).toBe('done\n');
  await expect(page.getByText('Approved, ran (0).').first()).toBeVisible();
  await keepScreen(page, 'approved');
  expect(await app.stop()).toBe(0);
});
