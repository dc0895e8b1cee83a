// What a person sees without looking for it: the notification on the session's bus, the icon and menu in the tray.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'playwright/test';
import { deny } from '../ui/window-kit.ts';
import { childrenOf, Place, runHeld, startApp } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

let session: Session;
test.beforeEach(async () => {
  session = await openSession({ tray: true });
});
test.afterEach(() => session.close());

const has = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const shown = () => session.notified().filter((one) => one.open);
const labels = async () =>
  (await session.trayMenu()).filter((one) => !one.line).map((one) => one.label);

test('a request raises a native notification, which a decision takes down', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const run = runHeld(place, ['touch', join(place.folder, '<b>bold</b> & more')]);
  await expect.poll(shown).toHaveLength(1);
  const [one] = shown();
  expect(one?.title).toMatch(/^Run touch - /);
  expect(one?.body).toContain('night-agent');
  // What may be read as markup is text.
  expect(one?.body).not.toMatch(/<[a-z/]/i);
  await deny(app.page).click();
  await run.ended;
  await expect.poll(shown).toEqual([]);
  expect(session.notified()).toHaveLength(1);
});

test('a press on its Deny is the decision: the command never runs', async () => {
  test.skip(!has('notify-send'), 'NOT RUN: buttons need notify-send');
  using place = new Place();
  await using app = await startApp(session, place);
  const made = join(place.folder, 'made');
  const run = runHeld(place, ['touch', made]);
  await expect.poll(shown).toHaveLength(1);
  const [one] = shown();
  // A medium one is approved on its card alone.
  expect(one?.buttons).toEqual(['deny', 'open']);
  session.clickNotification(one?.id ?? 0, 'deny');
  expect(await run.ended).not.toBe(0);
  expect(existsSync(made)).toBe(false);
  await expect(app.page.getByText('Denied').first()).toBeVisible();
  expect(shown()).toEqual([]);
});

test('an app that is killed takes its notification with it, and nothing of it stays', async () => {
  test.skip(!has('notify-send') || !has('setpriv'), 'NOT RUN: it needs notify-send and setpriv');
  using place = new Place();
  await using app = await startApp(session, place);
  const run = runHeld(place, ['touch', join(place.folder, 'x')]);
  await expect.poll(shown).toHaveLength(1);
  const children = childrenOf(app.electron.process().pid);
  await app.kill();
  await expect.poll(shown).toEqual([]);
  await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  run.stop();
  await run.ended;
});

test('without notify-send Electron shows it; a click opens, an end takes it down', async () => {
  using place = new Place();
  const env = { PATH: join(place.folder, 'nothing') };
  await using app = await startApp(session, place, { env });
  const first = runHeld(place, ['touch', join(place.folder, '<i>first')]);
  await expect.poll(shown).toHaveLength(1);
  expect(shown()[0]?.buttons).toEqual([]);
  expect(shown()[0]?.body).not.toMatch(/<[a-z/]/i);
  const second = runHeld(place, ['touch', join(place.folder, 'second')]);
  await expect.poll(shown).toHaveLength(2);
  session.clickNotification(shown()[1]?.id ?? 0);
  await expect(app.page.getByRole('heading', { name: /second/ })).toBeVisible();
  for (const run of [first, second]) run.stop();
  await Promise.all([first.ended, second.ended]);
  await expect.poll(shown).toEqual([]);
});

test('on a desktop whose notifications have no buttons it is shown all the same', async () => {
  const bare = await openSession({ tray: true, buttons: false });
  {
    using place = new Place();
    await using app = await startApp(bare, place);
    const run = runHeld(place, ['touch', join(place.folder, 'x')]);
    const open = () => bare.notified().filter((one) => one.open);
    await expect.poll(open).toHaveLength(1);
    expect(open()[0]?.buttons).toEqual([]);
    await deny(app.page).click();
    await run.ended;
    await expect.poll(open).toEqual([]);
  }
  await bare.close();
});

test('a click on the notification opens its request and decides nothing', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const first = runHeld(place, ['touch', join(place.folder, 'first')]);
  await expect.poll(shown).toHaveLength(1);
  const second = runHeld(place, ['touch', join(place.folder, 'second')]);
  await expect.poll(shown).toHaveLength(2);
  const { page } = app;
  await expect(page.getByRole('heading', { name: /first/ })).toBeVisible();
  session.clickNotification(shown()[1]?.id ?? 0);
  await expect(page.getByRole('heading', { name: /second/ })).toBeVisible();
  expect(existsSync(join(place.folder, 'second'))).toBe(false);
  for (const run of [first, second]) run.stop();
  await Promise.all([first.ended, second.ended]);
  // Withdrawn by the guard: nothing is left on screen.
  await expect.poll(shown).toEqual([]);
});

test('the tray’s menu says state and count, and leads to a request', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await expect.poll(session.trayItems).toHaveLength(1);
  await expect
    .poll(labels)
    .toEqual([
      expect.stringContaining('test runtime, Electron'),
      'Connected',
      'No request waits',
      'Open Countersign',
      'Lock now',
      'Send a test notification',
      'Start at login',
      'Quit Countersign',
    ]);
  const run = runHeld(place, ['touch', join(place.folder, 'A_b&c')]);
  await expect.poll(labels).toContain('1 request waits');
  const entry = (await labels()).find((label) => label.startsWith('run touch'));
  // The path is cut; what is left is the request's own text, not a mnemonic.
  expect(entry).toMatch(/^run touch .{1,60}$/);
  await session.clickTray('run touch');
  await expect(app.page.getByRole('heading', { name: /run touch/ })).toBeVisible();
  expect(existsSync(join(place.folder, 'A_b&c'))).toBe(false);
  run.stop();
  await run.ended;
  await expect.poll(labels).toContain('No request waits');
});

test('the tray’s picture differs by state', async () => {
  using place = new Place();
  await using _app = await startApp(session, place);
  await expect.poll(labels).toContain('Connected');
  const picture = async () => JSON.stringify(await session.trayProperty('IconPixmap'));
  const idle = await picture();
  const run = runHeld(place, ['touch', join(place.folder, 'x')]);
  await expect.poll(labels).toContain('1 request waits');
  await expect.poll(picture).not.toBe(idle);
  run.stop();
  await run.ended;
  await expect.poll(picture).toBe(idle);
});

test('the tray locks the key, sends a test notification, starts at login and quits', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await expect.poll(labels).toContain('Lock now');
  await session.clickTray('Lock now');
  await expect.poll(labels).toContain('Unlock...');
  await expect(app.page.getByRole('heading', { name: 'Unlock to decide' })).toBeVisible();
  await session.clickTray('Send a test notification');
  await expect.poll(() => shown()[0]?.title).toBe('Countersign: this is a test');
  const file = join(place.folder, 'user/.config/autostart/countersign.desktop');
  await session.clickTray('Start at login');
  await expect.poll(() => existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toMatch(/^Exec="[^"]+\/electron" "--hidden"$/m);
  await session.clickTray('Start at login');
  await expect.poll(() => existsSync(file)).toBe(false);
  const ended = new Promise((resolve) => app.electron.process().once('exit', resolve));
  await session.clickTray('Quit');
  expect(await ended).toBe(0);
});

test('settings say what the session has about starting at login, and change it', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await expect.poll(labels).toContain('Connected');
  const file = join(place.folder, 'user/.config/autostart/countersign.desktop');
  await app.page.getByRole('button', { name: 'Settings' }).click();
  const tick = app.page.getByLabel('Start at login');
  await expect(tick).not.toBeChecked();
  await tick.click();
  await expect(tick).toBeChecked();
  expect(readFileSync(file, 'utf8')).toContain('"--hidden"');
  // Somebody else has taken it away: the next look says so.
  rmSync(file);
  await app.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(tick).not.toBeChecked();
  // Where it can't be written the box stays as it was, and says so.
  rmSync(dirname(file), { recursive: true });
  writeFileSync(dirname(file), 'no folder');
  await tick.click();
  await expect(tick).toHaveAccessibleDescription(/The system did not take it/);
  await expect(tick).not.toBeChecked();
});

test('closing the window leaves the app in the tray', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await expect.poll(labels).toContain('Connected');
  const visible = () =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isVisible()),
    );
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(visible).toEqual([false]);
  await session.clickTray('Open Countersign');
  await expect.poll(visible).toEqual([true]);
});

test('without a place for icons, closing the window ends the app', async () => {
  const bare = await openSession({ tray: false });
  using place = new Place();
  await using app = await startApp(bare, place);
  const ended = new Promise((resolve) => app.electron.process().once('exit', resolve));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await ended).toBe(0);
  await bare.close();
});
