// History in the window, over a log of a million requests: finding, filtering, scrolling, one story, checking, exporting.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow, sampleRequest } from './window-kit.ts';

const MILLION = 1_000_000;

async function openHistory(page: Page, main: FakeMain) {
  const window = await openWindow(page, main);
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByRole('listbox', { name: 'Requests, newest first' })).toBeVisible();
  return window;
}
const list = (page: Page) => page.getByRole('listbox', { name: 'Requests, newest first' });
const rows = (page: Page) => list(page).getByRole('option');
const chip = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const lastAsked = (main: FakeMain) => main.searched.at(-1);

test.describe('finding', () => {
  test('words are asked for a moment after the last key, and what is found is listed', async ({
    page,
  }) => {
    const main = new FakeMain('unlocked', 2000);
    await using _window = await openHistory(page, main);
    await expect(rows(page).first()).toBeVisible();
    const before = main.searched.length;
    await page.keyboard.press('/');
    await page.keyboard.type('refunds');
    await expect(rows(page).first()).toContainText('refunds');
    await expect.poll(() => lastAsked(main)?.text).toBe('refunds');
    const words = main.searched.slice(before).map(({ text }) => text);
    expect(new Set(words)).toEqual(new Set(['refunds']));
  });

  test('each filter is a chip that says what is set, and one button clears them all', async ({
    page,
  }) => {
    const main = new FakeMain('unlocked', 2000);
    await using _window = await openHistory(page, main);
    for (const [name, choice] of [
      ['Person', /^bo/],
      ['Agent', /^release-agent/],
      ['Target', /^deploy/],
      ['Host', /^ada-laptop/],
      ['Decided by', /^bo/],
      ['Action', /^MCP tool/],
      ['Tier', /^Critical/],
      ['Ending', /^Approved$/],
      ['Time', /^Last 30 days/],
    ] as const) {
      await chip(page, name).click();
      await page.getByRole('dialog', { name }).getByRole('button', { name: choice }).click();
      await expect(page.getByRole('button', { name: new RegExp(`^${name}: `) })).toBeFocused();
    }
    await page.getByRole('button', { name: 'Verdict' }).click();
    await page.getByRole('button', { name: 'Approved by them' }).click();
    await expect.poll(() => lastAsked(main)?.filters.verdict).toBe('approve');
    const { from, ...filters } = lastAsked(main)?.filters ?? {};
    expect(from).toMatch(/^\d{4}-.*Z$/);
    expect(filters).toEqual({
      person: 'bo',
      agent: 'release-agent',
      target: 'deploy',
      host: 'ada-laptop',
      reviewer: 'bo',
      kind: 'mcp',
      tier: 'critical',
      ending: 'approved',
      verdict: 'approve',
    });
    await expect(page.getByText('No request has all of this.')).toBeVisible();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => lastAsked(main)?.filters).toEqual({});
    await expect(rows(page).first()).toBeVisible();
  });

  test('a view is saved by name, brought back, and removed', async ({ page }) => {
    const main = new FakeMain('unlocked', 500);
    await using _window = await openHistory(page, main);
    await chip(page, 'Ending').click();
    await page.getByRole('button', { name: 'Denied' }).click();
    await chip(page, 'Saved views').click();
    await page.getByLabel('Save this view as').fill('What was denied');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await chip(page, 'Saved views').click();
    await page.getByRole('button', { name: 'What was denied', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Ending: Denied' })).toBeVisible();
    await chip(page, 'Saved views').click();
    await page.getByRole('button', { name: 'Remove What was denied' }).click();
    await expect(page.getByText('No view is saved yet.')).toBeVisible();
  });

  test('a search that finds nothing for long goes on from where it stopped', async ({ page }) => {
    const main = new FakeMain('unlocked', 100_000);
    await using _window = await openHistory(page, main);
    // Only the oldest: five calls of twenty thousand rows each.
    await page.getByLabel('Search history').fill('nothing-like-this');
    await expect(page.getByText('No request has all of this.')).toBeVisible();
    const asked = main.searched.filter(({ text }) => text === 'nothing-like-this');
    expect(asked).toHaveLength(5);
  });
});

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

test.describe('one story', () => {
  test('is told from asking to receipt, with each signature and its check', async ({ page }) => {
    const main = new FakeMain('unlocked', 600);
    await using _window = await openHistory(page, main);
    await rows(page).filter({ hasText: 'Approved by' }).first().click();
    const steps = page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
    await expect(steps).toHaveCount(5);
    for (const [at, name] of ['Request', 'Notice', 'Decision', 'Ending', 'Receipt'].entries()) {
      await expect(steps.nth(at)).toContainText(name);
      await expect(steps.nth(at)).toContainText('Signature verified');
    }
  });

  test('j, k and Enter walk through the list and its stories', async ({ page }) => {
    const main = new FakeMain('unlocked', 600);
    await using _window = await openHistory(page, main);
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press('j');
    await expect(list(page)).toBeFocused();
    await expect(rows(page).first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowDown');
    await expect(rows(page).nth(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Steps' })).toBeVisible();
    for (let i = 0; i < 30; i++) await page.keyboard.press('j');
    const active = list(page).locator('[aria-selected="true"]');
    await expect(active).toBeInViewport({ ratio: 0.9 });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: 'Steps' })).toHaveCount(0);
    await expect(list(page)).toBeFocused();
  });
});

test.describe('checking', () => {
  test('says how far it is, and then what was checked, when and whose signatures', async ({
    page,
  }) => {
    const main = new FakeMain('unlocked', 1000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await expect(page.getByRole('progressbar', { name: 'Entries checked' })).toBeVisible();
    await expect(
      page.getByText('5,000 entries hashed again, 5,000 signatures checked'),
    ).toBeVisible();
    await expect(page.getByText('ada/log, ada-laptop')).toBeVisible();
    await expect(page.getByText('ada/log+7c1f0a2e')).toBeVisible();
    const keys = page.getByRole('table', { name: 'Keys whose signatures were checked' });
    await expect(keys.getByRole('row')).toHaveText([
      'Whose keyKeySignaturesEntries',
      'Ada Marlow Reviewer, decision key on ada-laptopa1a1a1a1a1a11,6660 to 4,999',
      'build-guard Guard, guard keyabababababab3,3340 to 4,999',
    ]);
  });

  test('can be stopped, and then speaks of what it has seen only', async ({ page }) => {
    const main = new FakeMain('unlocked', 1000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await page.getByRole('button', { name: 'Stop checking' }).click();
    await expect(page.getByText('1,250 entries hashed again')).toBeVisible();
    await expect(
      page.getByText('Stopped: this is about the entries up to there only.'),
    ).toBeVisible();
  });
});

test.describe('exporting', () => {
  test('says how far it is and where the file is', async ({ page }) => {
    const main = new FakeMain('unlocked', 1000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'As CSV' }).click();
    await expect(page.getByRole('progressbar', { name: 'Export' })).toBeVisible();
    await expect(page.getByText('1,000 requests written to')).toBeVisible();
    await expect(
      page.getByText('/home/ada/.local/state/countersign/exports/history-1.csv'),
    ).toBeVisible();
  });

  test('evidence says that it takes the dates alone, and where the bundle is', async ({ page }) => {
    const main = new FakeMain('unlocked', 1000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(
      page.getByText('Evidence is every log entry between the filter’s dates'),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Evidence (zip)' }).click();
    await expect(page.getByText('Evidence of 1,000 log entries written to')).toBeVisible();
    await expect(
      page.getByText('/home/ada/.local/state/countersign/exports/evidence-1.zip'),
    ).toBeVisible();
  });

  test('can be stopped', async ({ page }) => {
    const main = new FakeMain('unlocked', 1000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'As JSON lines' }).click();
    await page.getByRole('button', { name: 'Stop the export' }).click();
    await expect(page.getByText('Export stopped. Nothing was kept.')).toBeVisible();
  });

  test('a refusal stands where it was asked for', async ({ page }) => {
    const main = new FakeMain('unlocked', 10);
    Object.assign(main.answers.history, { export: async () => ({ ok: false, code: 'busy' }) });
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'As CSV' }).click();
    await expect(page.getByText('Another export is still running.')).toBeVisible();
  });
});

test.describe('charts', () => {
  test('each has a sentence, and its numbers as a table', async ({ page }) => {
    const main = new FakeMain('unlocked', 9000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Charts' }).click();
    await expect(page.getByText('9,000 requests, by day.')).toBeVisible();
    await expect(page.getByText(/half within .*, nine in ten within/)).toBeVisible();
    await expect(page.getByText(/of 4,500 approvals/)).toBeVisible();
    await page.getByText('As a table').first().click();
    const table = page.getByRole('table', { name: 'Requests over time, by ending' });
    await expect(table.getByRole('row')).toHaveCount(8);
    await expect(page.getByRole('rowheader', { name: 'Bo Lindqvist' })).toBeVisible();
  });

  test('follow the filters', async ({ page }) => {
    const main = new FakeMain('unlocked', 9000);
    await using _window = await openHistory(page, main);
    await page.getByRole('button', { name: 'Charts' }).click();
    await chip(page, 'Ending').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Denied' }).click();
    await expect(page.getByText('1,500 requests, by day.')).toBeVisible();
    await expect(page.getByText('Nothing has been approved here.')).toBeVisible();
  });
});

test('new requests are offered and never shift the rows', async ({ page }) => {
  const main = new FakeMain('unlocked', 100);
  await using _window = await openHistory(page, main);
  const before = await rows(page).first().textContent();
  main.ask(
    sampleRequest({ agent: { id: 'fresh', session: '1', onBehalfOf: 'ada', authn: 'declared' } }),
  );
  await expect(page.getByRole('button', { name: 'Show 1 newer entry' })).toBeVisible();
  await expect(rows(page).first()).toHaveText(before ?? '');
  await page.getByRole('button', { name: 'Show 1 newer entry' }).click();
  await expect(rows(page).first()).toContainText('fresh for ada');
});

test('words typed over the log’s entries bring up the requests that have them', async ({
  page,
}) => {
  const main = new FakeMain('unlocked', 100);
  await using _window = await openHistory(page, main);
  await page.getByRole('button', { name: 'Log entries' }).click();
  await page.getByLabel('Search history').fill('refunds');
  await expect(rows(page).first()).toContainText('refunds');
  await page.getByRole('button', { name: 'Charts' }).click();
  await expect(page.getByText('The words of the search do not count here.')).toBeVisible();
});
