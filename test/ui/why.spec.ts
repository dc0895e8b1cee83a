// Why a request waits, on its card: in words under the verdict, with the facts that are not so put away and signed all the
// same; identical repeats as one row, decided one by one; and a reviewer's own figures.

import { expect, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { approve, openWindow, readAll, sampleRequest, settle } from './window-kit.ts';

test.describe('a card says why', () => {
  test('it is held, who is missing, what an approval takes and which rule decides', async ({
    page,
  }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    const why = page.getByRole('region', { name: 'Why it waits, and for whom' });
    await expect(why).toContainText('Held at tier medium until');
    await expect(why).toContainText('1 person is missing: Ada Marlow.');
    await expect(why).toContainText('One click approves, once all of it has been on screen.');
    await expect(why.locator('code').first()).not.toBeEmpty();
  });

  test('and puts facts away that are not so, as one line that opens; what is signed has all of them', async ({
    page,
  }) => {
    const main = new FakeMain();
    const facts = { kind: 'exec', force: false, recursive: false, unknown: true, root: false };
    const digest = main.ask(sampleRequest({ facts }));
    await using _window = await openWindow(page, main);
    const rules = page.getByRole('region', { name: 'Rules and checks' });
    await expect(rules.getByText('Fact unknown')).toBeVisible();
    await expect(rules.getByText('Fact force')).toBeHidden();
    const more = rules.getByRole('button', { name: '3 more that are not so' });
    await more.click();
    await expect(rules.getByText('Fact force')).toBeVisible();
    await rules.getByRole('button', { name: 'Fold those that are not so' }).click();
    await expect(rules.getByText('Fact force')).toBeHidden();
    await readAll(page);
    await settle(page);
    await approve(page).click();
    await expect.poll(() => main.request(digest).how).toBe('approved');
    expect(main.decided.at(-1)?.viewSha256).toBe(main.viewDigest(digest));
  });

  test('and shows the card also where it cannot be explained', async ({ page }) => {
    const main = new FakeMain();
    main.unexplained = true;
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await expect(page.getByText('is not on this machine')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
  });
});

test('identical repeats are one row with their count, and each is decided by itself', async ({
  page,
}) => {
  const main = new FakeMain();
  const repeats = 'f'.repeat(64);
  const asked = [1, 2, 3].map((n) => main.ask(sampleRequest({ reason: `again ${n}` }, 'low')));
  for (const digest of asked) main.update(digest, { repeats });
  await using _window = await openWindow(page, main);
  const open = page.getByRole('region', { name: 'Open' });
  await expect(open.getByRole('listitem')).toHaveCount(1);
  await expect(open).toContainText('Asked 3 times');
  await expect(page.getByText('2 more like it wait; each is decided by itself.')).toBeVisible();
  await settle(page);
  await approve(page).click();
  await expect.poll(() => main.request(asked[0] ?? '').how).toBe('approved');
  expect(asked.slice(1).map((digest) => main.request(digest).stage)).toEqual(['open', 'open']);
  await expect(open).toContainText('Asked 2 times');
  expect(main.decided).toHaveLength(1);
});

test('a reviewer sees their own figures of the last 30 days', async ({ page }) => {
  const main = new FakeMain();
  await using _window = await openWindow(page, main);
  await page.getByRole('button', { name: 'Settings' }).click();
  const part = page.getByRole('region', { name: 'Your deciding, the last 30 days' });
  await expect(part).toContainText(/You have decided nothing|decisions?:/);
});
