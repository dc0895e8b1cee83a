// One app per home, whatever starts it: a second start, the command line, a link. A link opens a card and decides nothing.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { openVerified, Place, runCli, runHeld, startApp, startPlain } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

let session: Session;
test.beforeAll(async () => {
  session = await openSession({ tray: true });
});
test.afterAll(() => session.close());

type Windows = { readonly visible: boolean; readonly focused: boolean }[];
const windows = (app: Awaited<ReturnType<typeof startApp>>): Promise<Windows> =>
  app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((one) => ({
      visible: one.isVisible(),
      focused: one.isFocused(),
    })),
  );
const hide = (app: Awaited<ReturnType<typeof startApp>>): Promise<void> =>
  app.electron.evaluate(({ BrowserWindow }) => {
    for (const one of BrowserWindow.getAllWindows()) one.hide();
  });

test('a second start brings the first forward and ends with 0', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await hide(app);
  const second = await startPlain(session, place, []);
  expect(second.code).toBe(0);
  expect(second.printed).toContain('Countersign is running already');
  await expect.poll(async () => (await windows(app)).map((one) => one.visible)).toEqual([true]);
});

test('countersign start finds the running app too', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  await hide(app);
  const started = await runCli(place, ['start']);
  expect(started.code).toBe(0);
  expect(started.printed).toContain('its window is asked to come forward');
  await expect.poll(async () => (await windows(app)).map((one) => one.visible)).toEqual([true]);
});

test('an app that a page shows already is not started twice', async () => {
  using place = new Place();
  const page = await runCli(place, ['start'], { until: 'State:' });
  const second = await startPlain(session, place, []);
  expect(second.code).toBe(0);
  expect(second.printed).toContain('running already');
  page.stop();
  await page.ended;
});

test('a link opens its card and decides nothing; any other link only raises', async () => {
  using place = new Place();
  await using app = await startApp(session, place);
  const { page } = app;
  const first = runHeld(place, ['touch', join(place.folder, 'first')]);
  await openVerified(page);
  const second = runHeld(place, ['touch', join(place.folder, 'second')]);
  const rows = page.locator('[id^="request-"]');
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole('heading', { name: /first/ })).toBeVisible();
  const row = page.locator('[id^="request-"]', { hasText: 'second' });
  const digest = ((await row.getAttribute('id')) ?? '').replace('request-', '');
  const link = await startPlain(session, place, [`countersign://request/${digest}`]);
  expect(link.code).toBe(0);
  await expect(page.getByRole('heading', { name: /second/ })).toBeVisible();
  for (const other of [
    `countersign://approve/${digest}`,
    `countersign://request/${digest}?verdict=approve`,
    `countersign://request/${digest.toUpperCase()}`,
    'countersign://request/../../x',
  ]) {
    expect((await startPlain(session, place, [other])).code).toBe(0);
  }
  await expect(page.getByRole('heading', { name: /second/ })).toBeVisible();
  for (const name of ['first', 'second']) expect(existsSync(join(place.folder, name))).toBe(false);
  for (const run of [first, second]) run.stop();
  await Promise.all([first.ended, second.ended]);
});

test('a home that cannot be used is one sentence and 78', async () => {
  using place = new Place();
  const app = await startPlain(session, place, [], { COUNTERSIGN_HOME: 'relative' });
  expect(app.code).toBe(78);
  expect(app.printed).toContain('countersign: COUNTERSIGN_HOME is not an absolute path');
});
