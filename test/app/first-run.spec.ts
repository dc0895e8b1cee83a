// The main job in the real Electron: keys made in the window, a real command held, approved or denied by a click, and
// still decidable after the app was killed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { approve, deny, readAll, settle } from '../ui/window-kit.ts';
import {
  childrenOf,
  keepScreen,
  openVerified,
  PASSPHRASE,
  Place,
  runHeld,
  startApp,
} from './kit/app.ts';
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
  await openVerified(page);
  await keepScreen(page, 'card');
  await readAll(page);
  await settle(page);
  expect(existsSync(made)).toBe(false);
  await approve(page).click();
  expect(await run.ended).toBe(0);
  expect(readFileSync(made, 'utf8')).toBe('done\n');
  await expect(page.getByText('Approved, ran (0).').first()).toBeVisible();
  await keepScreen(page, 'approved');
});

test('a denial is one click, and the command never runs', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const made = join(place.folder, 'made');
  const run = runHeld(place, ['touch', made]);
  await deny(app.page).click();
  expect(await run.ended).not.toBe(0);
  expect(existsSync(made)).toBe(false);
  await expect(app.page.getByText('Denied').first()).toBeVisible();
});

test('a script’s click approves nothing', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const made = join(place.folder, 'made');
  const run = runHeld(place, ['touch', made]);
  await openVerified(app.page);
  await readAll(app.page);
  await settle(app.page);
  await approve(app.page).evaluate((button) => {
    if (button instanceof HTMLElement) button.click();
  });
  await settle(app.page);
  expect(existsSync(made)).toBe(false);
  run.stop();
  await run.ended;
});

test('an app that was killed while a command is held comes back, and the command can be decided', async () => {
  using place = new Place();
  const made = join(place.folder, 'made');
  let run: ReturnType<typeof runHeld>;
  {
    await using first = await startApp(session, place);
    run = runHeld(place, ['touch', made]);
    await expect(deny(first.page)).toBeVisible();
    const children = childrenOf(first.electron.process().pid);
    expect(children.length).toBeGreaterThan(1);
    await first.kill();
    // Store and broker live by our end of a pipe: nothing of ours is left behind.
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  }
  await using again = await startApp(session, place);
  await openVerified(again.page);
  await readAll(again.page);
  await settle(again.page);
  await approve(again.page).click();
  expect(await run.ended).toBe(0);
  expect(existsSync(made)).toBe(true);
});

test('the end of the session stops window, broker and store in order, exit 0', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const children = childrenOf(app.electron.process().pid);
  expect(await app.stop()).toBe(0);
  // Chromium's own processes notice a moment later.
  await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});
