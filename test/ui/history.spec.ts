// History in the window: finding, filtering, one story, checking, exporting. Scrolling through a million requests is frames/.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { list, openHistory, rows } from './history-kit.ts';
import { sampleRequest } from './window-kit.ts';

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
