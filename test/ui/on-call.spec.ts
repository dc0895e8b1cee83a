// On call in the window: who is asked now and next on the card, quiet rows for others, going away, and the two banners.

import { expect, type Page, test } from 'playwright/test';
import type { AskedNow, OnCallState } from '../../shared/ipc/on-call.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow, sampleRequest } from './window-kit.ts';

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
const HOUR = 3600_000;

const asked = (change: Partial<AskedNow> = {}): AskedNow => ({
  mine: true,
  people: [
    { name: 'Ada Marlow', me: true, why: 'onCall' },
    { name: 'Bea Lind', me: false, why: 'unseen' },
  ],
  next: { at: soon(40_000), names: ['Carl Ott'] },
  ...change,
});
const rota = (change: Partial<OnCallState> = {}): OnCallState => ({
  groups: [
    {
      group: 'dba',
      now: [{ name: 'Ada Marlow', me: true }],
      next: { at: soon(8 * HOUR), names: ['Bea Lind'] },
    },
  ],
  ...change,
});
const reachable = (main: FakeMain): void =>
  main.change({ what: 'reach', value: { by: 'notification', troubles: [] } });

async function openCard(page: Page, main: FakeMain, about: AskedNow) {
  const window = await openWindow(page, main);
  const digest = main.ask(sampleRequest());
  main.update(digest, { asked: about });
  await page.locator(`#request-${digest}`).click();
  return { window, digest };
}
async function openSettings(page: Page, main: FakeMain) {
  const window = await openWindow(page, main);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  return window;
}

test('the card says who is asked, why, and who is next, and keeps counting', async ({ page }) => {
  const main = new FakeMain();
  const { window, digest } = await openCard(page, main, asked());
  await using _window = window;
  const line = page.getByText(/^Asked now:/);
  await expect(line).toContainText('Asked now: you (on call), Bea Lind (nobody had seen it).');
  await expect(line).toContainText(/Next: Carl Ott in (40|3\d) s\./);
  main.update(digest, { asked: asked({ next: { at: soon(-1), names: ['Carl Ott'] } }) });
  await expect(line).toContainText('Next: Carl Ott, now.');
});

test('whoever is not asked sees it in the list, and may decide it', async ({ page }) => {
  const main = new FakeMain();
  const others = asked({
    mine: false,
    people: [{ name: 'Bea Lind', me: false, why: 'onCall' }],
  });
  const { window, digest } = await openCard(page, main, others);
  await using _window = window;
  await expect(page.locator(`#request-${digest}`)).toContainText('Others are asked');
  await expect(page.getByText(/^Asked now:/)).toContainText(
    'Asked now: Bea Lind (on call). You may decide it too.',
  );
  await expect(page.getByRole('button', { name: 'Deny', exact: true })).toBeEnabled();
});

test('many names become a number', async ({ page }) => {
  const main = new FakeMain();
  const people = Array.from({ length: 9 }, (_, i) => ({
    name: `Person ${i + 1}`,
    me: false,
    why: 'everyone' as const,
  }));
  const { window } = await openCard(page, main, { mine: false, people });
  await using _window = window;
  await expect(page.getByText(/^Asked now:/)).toContainText(
    'Asked now: Person 1, Person 2, Person 3, 6 others.',
  );
});

test('names from elsewhere are text and nothing else', async ({ page }) => {
  const main = new FakeMain();
  const people = [{ name: '<img src=x onerror=alert(1)>', me: false, why: 'onCall' as const }];
  const { window } = await openCard(page, main, { mine: false, people });
  await using _window = window;
  await expect(page.getByText(/^Asked now:/)).toContainText('<img src=x onerror=alert(1)>');
});

test('without a rota there is neither line nor part', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  const digest = main.ask(sampleRequest());
  await page.locator(`#request-${digest}`).click();
  await expect(page.locator('#card-title')).toBeVisible();
  await expect(page.getByText(/^Asked now:/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Being reached' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'On call' })).toHaveCount(0);
});

test('settings say who is on call and who is next, and take an away until', async ({ page }) => {
  const main = new FakeMain();
  reachable(main);
  main.change({ what: 'onCall', value: rota() });
  const told: (string | undefined)[] = [];
  Object.assign(main.answers.attention, {
    away: async ({ until }: { until?: string }) => {
      told.push(until);
      main.change({ what: 'onCall', value: rota(until === undefined ? {} : { away: until }) });
      return { ok: true, value: {} };
    },
  });
  await using _window = await openSettings(page, main);
  const part = page.getByRole('region', { name: 'On call' });
  await expect(part).toContainText(/^On calldba: you, then Bea Lind from /);
  await part.getByRole('button', { name: '4 hours' }).click();
  await expect(part).toContainText(/You are away until .*: others are asked first\./);
  expect(Math.abs(Date.parse(told[0] ?? '') - Date.now() - 4 * HOUR)).toBeLessThan(60_000);
  await part.getByRole('button', { name: 'I am back' }).click();
  await expect(part).toContainText('You are asked when it is your turn.');
  expect(told[1]).toBeUndefined();
  await part.getByLabel('Away until').last().fill('2001-01-01T09:00');
  await part.getByRole('button', { name: 'Go away' }).click();
  await expect(part.getByText('That time is over.')).toBeVisible();
  expect(told).toHaveLength(2);
});

test('an away that the broker does not hear of is said where it was set', async ({ page }) => {
  const main = new FakeMain();
  main.change({ what: 'onCall', value: rota() });
  Object.assign(main.answers.attention, { away: async () => ({ ok: false, code: 'offline' }) });
  await using _window = await openSettings(page, main);
  const part = page.getByRole('region', { name: 'On call' });
  await part.getByRole('button', { name: '1 day' }).click();
  await expect(part).toContainText('The broker can’t be reached, so it does not know.');
  await expect(part).toContainText('You are asked when it is your turn.');
});

test('who is on call and can’t be reached is told so over every screen', async ({ page }) => {
  const main = new FakeMain();
  reachable(main);
  main.change({ what: 'onCall', value: rota() });
  await using _window = await openWindow(page, main);
  const banner = page.getByText('You are on call, and notifications can’t reach you.');
  await expect(page.locator('h1, h2').first()).toBeVisible();
  await expect(banner).toHaveCount(0);
  main.change({
    what: 'reach',
    value: { by: 'page', notices: 'noDaemon', troubles: [] },
  });
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(banner).toBeVisible();
  main.change({ what: 'onCall', value: rota({ away: soon(HOUR) }) });
  await expect(banner).toHaveCount(0);
});

test('a colleague on call who would not hear of a request is named', async ({ page }) => {
  const main = new FakeMain();
  reachable(main);
  const now = [{ name: 'Bea Lind', me: false, trouble: 'noSurface' as const }];
  main.change({ what: 'onCall', value: { groups: [{ group: 'dba', now }] } });
  await using _window = await openWindow(page, main);
  await expect(
    page.getByText('Bea Lind is on call for dba and has no working notifications.'),
  ).toBeVisible();
  main.change({
    what: 'onCall',
    value: { groups: [{ group: 'dba', now: [{ name: 'Bea Lind', me: false }] }] },
  });
  await expect(page.getByText(/Bea Lind is on call/)).toHaveCount(0);
});
