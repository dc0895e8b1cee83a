// Each tier's gesture in the window, by pointer and by keyboard alone, and what must not approve anything.

import { expect, test } from 'playwright/test';
import { FakeMain, PASSPHRASE } from '../kit/fake-bridge.ts';
import { approve, deny, note, openWindow, readAll, sampleRequest, settle } from './window-kit.ts';

test.describe('deciding', () => {
  test('deny is one click from the first moment, without a reason', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
    await deny(page).click();
    await expect(page.getByText('Denied.').first()).toBeVisible();
    expect(main.decided).toEqual([
      { digest, verdict: 'deny', viewSha256: main.viewDigest(digest) },
    ]);
  });

  test('a preset denies with its reason', async ({ page }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await page.getByRole('button', { name: 'Deny with a reason' }).click();
    await page.getByRole('button', { name: 'Wrong target' }).click();
    await expect.poll(() => main.decided[0]?.reason).toBe('Wrong target');
  });

  test('a press right after the card appeared is not meant for it', async ({ page }) => {
    // On a busy machine a press can come too late to be too soon: then once more, on another card.
    await expect(async () => {
      const main = new FakeMain();
      const digest = main.ask(sampleRequest({}, 'low'));
      await using _window = await openWindow(page, main);
      await approve(page).click();
      await expect(note(page)).toContainText('too soon', { timeout: 2000 });
      expect(main.request(digest).stage).toBe('open');
      await settle(page);
      await approve(page).click();
      await expect.poll(() => main.request(digest).how).toBe('approved');
    }).toPass({ timeout: 40_000 });
  });

  test('nothing shows as decided before the log has it', async ({ page }) => {
    const main = new FakeMain();
    main.slow = true;
    const digest = main.ask(sampleRequest({}, 'low'));
    await using _window = await openWindow(page, main);
    await settle(page);
    await approve(page).click();
    await expect(note(page)).toContainText('Sending your approval.');
    await expect(page.getByText(/^Approved/)).toHaveCount(0);
    main.settle(digest);
    await expect(page.getByText('Approved, ran (0).').first()).toBeVisible();
  });

  test('a script’s click approves nothing', async ({ page }) => {
    const main = new FakeMain();
    main.ask(sampleRequest({}, 'low'));
    await using _window = await openWindow(page, main);
    await settle(page);
    await approve(page).evaluate((button) => {
      if (button instanceof HTMLElement) button.click();
    });
    await settle(page);
    expect(main.decided).toEqual([]);
  });

  test('an agent that is gone turns approve off with the reason', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await readAll(page);
    await expect(approve(page)).not.toHaveAttribute('aria-disabled', 'true');
    main.update(digest, { guardState: 'gone', approveOff: 'agentGone' });
    await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
    await expect(note(page)).toContainText('The agent is gone');
    await expect(deny(page)).not.toHaveAttribute('aria-disabled', 'true');
  });

  test('high: a reason and a full second, a shorter press approves nothing', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest({}, 'high'));
    await using _window = await openWindow(page, main);
    await readAll(page);
    const hold = page.getByRole('button', { name: 'Hold to approve' });
    await expect(note(page)).toContainText('Write why you approve it.');
    await page.getByLabel('Reason for approving').fill('the nightly export, as agreed');
    await settle(page);
    await hold.hover();
    await page.mouse.down();
    await page.waitForTimeout(400);
    await page.mouse.up();
    await expect(note(page)).toContainText('not held for a full second');
    expect(main.decided).toEqual([]);
    await settle(page);
    await page.mouse.down();
    await expect.poll(() => main.request(digest).how).toBe('approved');
    await page.mouse.up();
    expect(main.decided[0]?.reason).toBe('the nightly export, as agreed');
  });

  test('critical: the target’s name and the passphrase', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest({}, 'critical'));
    await using _window = await openWindow(page, main);
    await readAll(page);
    await page.getByLabel('Reason for approving').fill('as agreed');
    await page.getByLabel('Type the target: export.js').fill('export.ts');
    await page.getByLabel('Your passphrase').fill(PASSPHRASE);
    await settle(page);
    await approve(page).click();
    await expect(note(page)).toContainText('not the target’s name');
    await page.getByLabel('Type the target: export.js').fill('export.js');
    await page.getByLabel('Your passphrase').fill(PASSPHRASE);
    await settle(page);
    await approve(page).click();
    await expect.poll(() => main.request(digest).how).toBe('approved');
  });
});

test.describe('keyboard only', () => {
  test('j, space and a approve; d denies; nothing needs a pointer', async ({ page }) => {
    const main = new FakeMain();
    const first = main.ask(sampleRequest());
    const second = main.ask(sampleRequest({ reason: 'second' }));
    await using _window = await openWindow(page, main);
    await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
    await expect(async () => {
      await page.keyboard.press('Space');
      await expect(note(page)).toContainText('Everything that must be read', { timeout: 100 });
    }).toPass();
    await settle(page);
    await page.keyboard.press('a');
    await expect.poll(() => main.request(first).how).toBe('approved');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await expect(page.locator(`#request-${second}`)).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('o');
    await expect(page.locator('#card')).toBeFocused();
    await page.keyboard.press('d');
    await expect.poll(() => main.request(second).how).toBe('denied');
  });

  test('holding a approves a high request, a repeat of the key does not count twice', async ({
    page,
  }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest({}, 'high'));
    await using _window = await openWindow(page, main);
    await readAll(page);
    await page.getByLabel('Reason for approving').fill('as agreed');
    await page.keyboard.press('Tab');
    await settle(page);
    await page.keyboard.down('a');
    await page.keyboard.down('a');
    await expect.poll(() => main.request(digest).how).toBe('approved');
    await page.keyboard.up('a');
    expect(main.decided).toHaveLength(1);
  });

  test('slash filters, ? explains, Escape leaves', async ({ page }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await expect(page.getByRole('button', { name: /run export.js/ })).toBeVisible();
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await expect(page.getByRole('button', { name: /run export.js/ })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /run export.js/ })).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
  });
});
