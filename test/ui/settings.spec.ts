// Settings in the window: what protects the keys, whether anything reaches the person, and every failure where it is set.

import { expect, type Page, test } from 'playwright/test';
import type { Reach } from '../../shared/ipc/reach.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow } from './window-kit.ts';

async function openSettings(page: Page, main: FakeMain) {
  const window = await openWindow(page, main);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  return window;
}
const reach = (main: FakeMain, value: Reach): void => main.change({ what: 'reach', value });
const stored = (main: FakeMain) => main.answers.settings.get({}, { surface: 'window', caller: '' });

test('says whose keys these are, what opens them and until when, and locks them', async ({
  page,
}) => {
  const main = new FakeMain();
  await using _window = await openSettings(page, main);
  const keys = page.getByRole('region', { name: 'Keys' });
  await expect(keys).toContainText('ada-laptop');
  await expect(keys).toContainText('only your passphrase opens');
  await expect(keys).toContainText(/Unlocked until \d\d:\d\d/);
  await keys.getByRole('button', { name: 'Lock now' }).click();
  await expect(page.getByRole('heading', { name: 'Unlock to decide' })).toBeVisible();
});

test('what main has stored is what is shown, and each change is stored at once', async ({
  page,
}) => {
  const main = new FakeMain();
  await using _window = await openSettings(page, main);
  await page.getByLabel('Quiet hours, every day').click();
  await expect(page.getByLabel('From')).toHaveValue('22:00');
  await page.getByLabel('From').fill('23:30');
  await expect.poll(async () => (await stored(main)).quietHours?.from).toBe('23:30');
  await page.getByLabel('Say what is asked').click();
  await page.getByLabel('Every request').click();
  await page.getByLabel('A critical request is announced all the same').click();
  await expect
    .poll(() => stored(main))
    .toEqual({
      quietHours: { from: '23:30', to: '07:00' },
      snoozeUntil: null,
      criticalBreaksThrough: false,
      sound: 'all',
      details: false,
    });
});

test('starting at login is what the system says, and a refusal stands beside it', async ({
  page,
}) => {
  const main = new FakeMain();
  await using _window = await openSettings(page, main);
  const box = page.getByLabel('Start at login');
  await expect(box).not.toBeChecked();
  await box.click();
  await expect(box).toBeChecked();
  Object.assign(main.answers.settings, {
    setStartAtLogin: async () => ({ ok: false, code: 'failed' }),
  });
  await box.click();
  await expect(box).toHaveAccessibleDescription(/The system did not take it/);
  await expect(box).toBeChecked();
});

test('where nothing can start at login there is a sentence and no box', async ({ page }) => {
  const main = new FakeMain();
  Object.assign(main.answers.settings, { startAtLogin: async () => ({ state: 'cannot' }) });
  await using _window = await openSettings(page, main);
  await expect(page.getByText(/^This page can’t start at login/)).toBeVisible();
  await expect(page.getByLabel('Start at login')).toHaveCount(0);
});

test('quiet hours of no length are refused where they are set', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openSettings(page, main);
  await page.getByLabel('Quiet hours, every day').click();
  await page.getByLabel('Until', { exact: true }).fill('22:00');
  await expect(page.getByText('Quiet hours can’t begin and end at one time.')).toBeVisible();
  expect((await stored(main)).quietHours).toEqual({ from: '22:00', to: '07:00' });
});

test('what cannot be stored is said beside it, and the old value stays on screen', async ({
  page,
}) => {
  const main = new FakeMain();
  Object.assign(main.answers.settings, { set: async () => ({ ok: false, code: 'notStored' }) });
  await using _window = await openSettings(page, main);
  const box = page.getByLabel('Say what is asked');
  await box.click();
  await expect(box).toHaveAccessibleDescription(/could not be stored/);
  await expect(box).toBeChecked();
  await page.getByLabel('Every request').click();
  await expect(page.getByRole('group', { name: 'Sound' })).toContainText('could not be stored');
  await expect(page.getByLabel('Critical only')).toBeChecked();
});

test('a snooze says until when and who may decide meanwhile, and can be ended', async ({
  page,
}) => {
  const main = new FakeMain();
  Object.assign(main.answers.attention, {
    snooze: wrapHandsOver(main.answers.attention.snooze),
  });
  await using _window = await openSettings(page, main);
  const group = page.getByRole('group', { name: 'Snooze' });
  await expect(group).toContainText('Announcements are on.');
  await group.getByRole('button', { name: '15 minutes' }).click();
  await expect(group).toContainText('Nothing is announced before');
  await expect(group).toContainText('Somebody else may decide it meanwhile.');
  await group.getByRole('button', { name: 'End the snooze' }).click();
  await expect(group).toContainText('Announcements are on again.');
});

type Snooze = FakeMain['answers']['attention']['snooze'];
const wrapHandsOver =
  (snooze: Snooze): Snooze =>
  async (input, caller) => {
    await snooze(input, caller);
    return { ok: true, value: { handsOver: true } };
  };

test.describe('being reached', () => {
  test('“nothing can reach you” is said here and over every screen', async ({ page }) => {
    const main = new FakeMain();
    reach(main, { by: 'nothing', notices: 'noDaemon', troubles: [] });
    await using _window = await openSettings(page, main);
    await expect(page.getByText('Nothing can reach you. A request that comes now')).toBeVisible();
    await expect(page.getByText('Nothing on this desktop shows notifications.')).toBeVisible();
    await page.getByRole('button', { name: 'Desk' }).click();
    await expect(page.getByText('Keep this window in sight')).toBeVisible();
    reach(main, { by: 'notification', troubles: [] });
    await expect(page.getByText('Keep this window in sight')).toHaveCount(0);
  });

  test('every trouble is said, in the order to be mended', async ({ page }) => {
    const main = new FakeMain();
    reach(main, { by: 'page', troubles: ['offline', 'locked'] });
    await using _window = await openSettings(page, main);
    const part = page.getByRole('region', { name: 'Being reached' });
    await expect(part).toContainText(/The broker can’t be reached.*Your key is locked/);
  });

  test('a test notification asks whether it was seen, and says where to look if not', async ({
    page,
  }) => {
    const main = new FakeMain();
    const diagnosis = {
      os: 'linux',
      reach: { by: 'notification', troubles: [] },
      buttons: true,
      maxBytes: 2000,
      maxLines: 12,
      lastShownAt: new Date().toISOString(),
    };
    Object.assign(main.answers.attention, {
      test: async () => ({ ok: true, value: diagnosis }),
      diagnosis: async () => diagnosis,
    });
    await using _window = await openSettings(page, main);
    const part = page.getByRole('region', { name: 'Being reached' });
    await expect(part).toContainText('It holds 12 lines and 2,000 bytes.');
    await part.getByRole('button', { name: 'Send a test notification' }).click();
    await part.getByRole('button', { name: 'No', exact: true }).click();
    await expect(part).toContainText('do not disturb');
    await part.getByRole('button', { name: 'Send a test notification' }).click();
    await part.getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(part).toContainText('Requests will reach you like that.');
  });

  test('a test that fails says why', async ({ page }) => {
    const main = new FakeMain();
    Object.assign(main.answers.attention, { test: async () => ({ ok: false, code: 'noProgram' }) });
    await using _window = await openSettings(page, main);
    await page.getByRole('button', { name: 'Send a test notification' }).click();
    await expect(page.getByText('notify-send is missing.')).toBeVisible();
  });
});
