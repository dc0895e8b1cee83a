// Every decision by keyboard alone: no pointer is ever moved. And what the keys must not do.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain, PASSPHRASE } from '../kit/fake-bridge.ts';
import { note, openWindow, sampleRequest, settle } from './window-kit.ts';

type Tier = Parameters<typeof sampleRequest>[1];

async function openCard(page: Page, tier: Tier) {
  const main = new FakeMain();
  const digest = main.ask(sampleRequest({}, tier));
  const window = await openWindow(page, main);
  await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
  return { main, digest, [Symbol.asyncDispose]: () => window[Symbol.asyncDispose]() };
}

/** Space brings the next unread line on screen until there is none. */
async function readBySpace(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Space');
    await expect(note(page)).not.toContainText('must be read have', { timeout: 100 });
    await expect(note(page)).not.toContainText('must be read has not', { timeout: 100 });
  }).toPass();
}

/** Tab until what is focused has this name, as a person would who does not know where it is. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const said = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement)) return '';
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined;
      return at.getAttribute('aria-label') ?? label ?? at.textContent;
    });
    if (name.test(said ?? '')) return;
  }
  throw new Error(`Tab never reached ${name}`);
}

for (const tier of ['low', 'medium'] as const)
  test(`${tier}: a approves`, async ({ page }) => {
    await using card = await openCard(page, tier);
    if (tier === 'medium') await readBySpace(page);
    await settle(page);
    await page.keyboard.press('a');
    await expect.poll(() => card.main.request(card.digest).how).toBe('approved');
  });

test('high: a reason, then a held down for a second', async ({ page }) => {
  await using card = await openCard(page, 'high');
  await readBySpace(page);
  await tabTo(page, /^Reason for approving$/);
  await page.keyboard.type('as agreed at the meeting');
  await tabTo(page, /^The request in full$/);
  await settle(page);
  await page.keyboard.down('a');
  await expect.poll(() => card.main.request(card.digest).how).toBe('approved');
  await page.keyboard.up('a');
  expect(card.main.decided).toMatchObject([{ reason: 'as agreed at the meeting' }]);
});

test('high: the button itself is held by Space', async ({ page }) => {
  await using card = await openCard(page, 'high');
  await readBySpace(page);
  await tabTo(page, /^Reason for approving$/);
  await page.keyboard.type('as agreed');
  await page.locator('#card').focus();
  await tabTo(page, /^Hold to approve$/);
  await settle(page);
  await page.keyboard.down('Space');
  await expect.poll(() => card.main.request(card.digest).how).toBe('approved');
  await page.keyboard.up('Space');
});

test('critical: name and passphrase are typed, and a approves nothing', async ({ page }) => {
  await using card = await openCard(page, 'critical');
  await readBySpace(page);
  await tabTo(page, /^Reason for approving$/);
  await page.keyboard.type('as agreed');
  await tabTo(page, /^Type the target: export.js$/);
  await page.keyboard.type('export.js');
  await tabTo(page, /^Your passphrase$/);
  await page.keyboard.type(PASSPHRASE);
  await page.locator('#card').focus();
  await settle(page);
  await page.keyboard.press('a');
  expect(card.main.decided).toEqual([]);
  await tabTo(page, /^Approve$/);
  await settle(page);
  await page.keyboard.press('Enter');
  await expect.poll(() => card.main.request(card.digest).how).toBe('approved');
});

test('d denies at once, without a reason', async ({ page }) => {
  await using card = await openCard(page, 'critical');
  await page.keyboard.press('d');
  await expect.poll(() => card.main.request(card.digest).how).toBe('denied');
  expect(card.main.decided[0]?.reason).toBeUndefined();
});

test('deny with a reason of one’s own', async ({ page }) => {
  await using card = await openCard(page, 'medium');
  await tabTo(page, /^Deny with a reason$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^In your own words$/);
  await page.keyboard.type('not on a friday');
  await page.keyboard.press('Enter');
  await expect.poll(() => card.main.decided[0]?.reason).toBe('not on a friday');
});

test('deny and report: the reason begins with the mark', async ({ page }) => {
  await using card = await openCard(page, 'medium');
  await tabTo(page, /^Deny with a reason$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^In your own words$/);
  await page.keyboard.type('it asks for the keys of another team');
  await tabTo(page, /^Deny and report$/);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => card.main.decided[0]?.reason)
    .toBe('Reported: it asks for the keys of another team');
  expect(card.main.decided[0]?.verdict).toBe('deny');
});

test('s opens the snooze, Escape closes it and only it, and the choice is said', async ({
  page,
}) => {
  await using card = await openCard(page, 'medium');
  const asked: unknown[] = [];
  const { snooze } = card.main.answers.attention;
  Object.assign(card.main.answers.attention, {
    snooze: (input: Parameters<typeof snooze>[0], caller: Parameters<typeof snooze>[1]) => {
      asked.push(input);
      return snooze(input, caller);
    },
  });
  await page.keyboard.press('s');
  const box = page.getByRole('dialog', { name: /^Later/ });
  await expect(box).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(page.getByRole('button', { name: /^Later/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Not announced again before .* It stays held\.$/)).toBeVisible();
  expect(asked).toMatchObject([{ request: card.digest }]);
  expect(card.main.decided).toEqual([]);
});

test('leaving it to others is refused in words where there are none', async ({ page }) => {
  await using card = await openCard(page, 'medium');
  await page.keyboard.press('s');
  await tabTo(page, /^Leave it to the others$/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nobody else may decide this request.')).toBeVisible();
  expect(card.main.request(card.digest).stage).toBe('open');
});

test('every screen is reached by a key, and h, comma and Escape find the way back', async ({
  page,
}) => {
  await using _card = await openCard(page, 'low');
  await page.keyboard.press('h');
  await expect(page.getByLabel('Search history')).toBeVisible();
  await page.keyboard.press(',');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Card' })).toBeVisible();
});
