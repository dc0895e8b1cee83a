// History over a million requests: scrolling, and how long the window's own work takes in a frame. A suite of its own, because
// it runs alone: what else runs would count.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../../kit/fake-bridge.ts';
import { list, openHistory, rows } from '../history-kit.ts';

const MILLION = 1_000_000;

test.describe('a million requests', () => {
  test('few rows are in the page, wherever the list is scrolled to, and the ends are the ends', async ({
    page,
  }) => {
    const main = new FakeMain('unlocked', MILLION);
    await using _window = await openHistory(page, main);
    await expect(rows(page).first()).toBeVisible();
    const newest = await rows(page).first().textContent();
    for (const part of [0.3, 0.9, 0.5, 1]) {
      await list(page).evaluate((node, to) => {
        node.scrollTop = (node.scrollHeight - node.clientHeight) * to;
      }, part);
      await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
      await expect.poll(() => shownAll(page)).toBe(true);
      expect(await rows(page).count()).toBeLessThan(50);
    }
    // The end of the estimate is not yet the end of the log: it goes on under the hand.
    await expect(async () => {
      await list(page).evaluate((node) => {
        node.scrollTop = node.scrollHeight;
      });
      await expect(list(page)).toContainText('2025', { timeout: 200 });
    }).toPass();
    await list(page).evaluate((node) => {
      node.scrollTop = 0;
    });
    await expect(rows(page).first()).toHaveText(newest ?? '');
  });

  test('scrolling back up from a jump meets every row once, in order, to the newest', async ({
    page,
  }) => {
    const main = new FakeMain('unlocked', 3000);
    await using _window = await openHistory(page, main);
    await expect(rows(page).first()).toBeVisible();
    await list(page).evaluate((node) => {
      node.scrollTop = node.scrollHeight * 0.15;
    });
    await expect.poll(() => shownAll(page)).toBe(true);
    const seen: string[] = [];
    await expect(async () => {
      await list(page).evaluate((node) => {
        node.scrollTop -= 480;
      });
      await expect.poll(() => shownAll(page), { timeout: 500 }).toBe(true);
      const times = await list(page)
        .locator('time')
        .evaluateAll((all) => all.map((one) => one.getAttribute('datetime') ?? ''));
      // Newest first, one a minute: a row that was left out would be a gap.
      for (const [at, time] of times.entries()) {
        const older = times[at + 1];
        if (older !== undefined) expect(Date.parse(time) - Date.parse(older)).toBe(60_000);
      }
      seen.push(times[0] ?? '');
      expect(await list(page).evaluate((node) => node.scrollTop)).toBe(0);
    }).toPass({ intervals: [20] });
    expect(seen.at(-1)).toBe('2025-01-03T01:59:00.000Z');
  });

  test('no frame of a long scroll takes longer than 50 ms for our own work', async ({ page }) => {
    const main = new FakeMain('unlocked', MILLION);
    await using _window = await openHistory(page, main);
    await expect(rows(page).first()).toBeVisible();
    const long = await list(page).evaluate(async (node) => {
      const tasks: number[] = [];
      const watch = new PerformanceObserver((all) => {
        for (const { duration } of all.getEntries()) tasks.push(duration);
      });
      watch.observe({ type: 'longtask' });
      for (let frame = 0; frame < 300; frame++) {
        node.scrollTop += frame % 60 === 59 ? 500_000 : 160;
        await new Promise(requestAnimationFrame);
      }
      await new Promise((done) => setTimeout(done, 100));
      watch.disconnect();
      return tasks;
    });
    expect(long).toEqual([]);
  });
});

/** The rows on screen are those of their places: none is missing in between. */
function shownAll(page: Page): Promise<boolean> {
  return list(page).evaluate((node) => {
    const box = node.getBoundingClientRect();
    const all = [...node.querySelectorAll('[role="option"]')].map((row) =>
      row.getBoundingClientRect(),
    );
    const bottom = Math.max(...all.map((row) => row.bottom));
    const top = Math.min(...all.map((row) => row.top));
    const end = node.scrollTop + node.clientHeight >= node.scrollHeight - 1;
    return top <= box.top && (bottom >= box.bottom || end);
  });
}
