// The built window in a real Chromium against a main that keeps state, judges gestures and renders views itself:
// entering, first run, what the card shows and hashes, the desk, history.

import { expect, test } from 'playwright/test';
import { FakeMain, PASSPHRASE } from '../kit/fake-bridge.ts';
import {
  approve,
  deny,
  EXPORT_ARGV,
  execAction,
  longArgument,
  note,
  openWindow,
  readAll,
  sampleRequest,
  settle,
} from './window-kit.ts';

test.describe('entering', () => {
  test('the token leaves the address at once and a reload enters with the session', async ({
    page,
  }) => {
    await using _window = await openWindow(page, new FakeMain());
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  });

  test('an address that was used asks for a new one', async ({ page, context }) => {
    await using window = await openWindow(page, new FakeMain());
    const other = await context.newPage();
    await other.goto(window.address().replace(/#.*/, '#t=used'));
    await expect(other.getByText('npx countersign start')).toBeVisible();
  });

  test('a lost socket is said, and the mirror is whole again after its return', async ({
    page,
  }) => {
    const main = new FakeMain();
    await using window = await openWindow(page, main);
    await expect(page.getByText('Connected')).toBeVisible();
    window.dropSockets();
    await expect(page.getByText('The app is not answering.')).toBeVisible();
    main.ask(sampleRequest());
    await expect(page.getByText('Connected')).toBeVisible();
    await expect(page.getByRole('heading', { name: /run export.js customers/ })).toBeVisible();
  });

  test('nothing violates the page’s policy', async ({ page }) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
    expect(said).toEqual([]);
  });
});

test.describe('first run and key', () => {
  test('setup is prefilled, refuses a short passphrase and two that differ, and leads to the desk', async ({
    page,
  }) => {
    const main = new FakeMain('absent');
    await using _window = await openWindow(page, main);
    await expect(page.getByLabel('Your name')).toHaveValue('Ada Marlow');
    await expect(page.getByLabel('Your id')).toHaveValue('ada');
    await expect(page.getByText('/home/ada/.local/state/countersign')).toBeVisible();
    await page.getByLabel('Passphrase', { exact: true }).fill('short');
    await page.getByLabel('Passphrase again').fill('other');
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
    await expect(page.getByText('The two passphrases differ.')).toBeVisible();
    expect(main.snapshot.key.state).toBe('absent');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase again').fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  });

  test('a wrong passphrase is said and a right one unlocks', async ({ page }) => {
    await using _window = await openWindow(page, new FakeMain('locked'));
    await page.keyboard.type('not the passphrase');
    await page.keyboard.press('Enter');
    await expect(page.getByText('That passphrase does not open your key.')).toBeVisible();
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  });

  test('a card under a locked key says so and unlocks in place', async ({ page }) => {
    const main = new FakeMain('locked');
    const digest = main.ask(sampleRequest());
    main.update(digest, { approveOff: 'locked', denyOff: 'locked' });
    await using _window = await openWindow(page, main);
    await page.getByRole('button', { name: 'Look without unlocking' }).click();
    await expect(note(page)).toContainText('Your key is locked.');
    await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.getByLabel('Passphrase').press('Enter');
    await expect.poll(() => main.snapshot.key.state).toBe('unlocked');
  });
});

test.describe('the card', () => {
  test('shows every argument on its own line, the program, the folder and the solo line', async ({
    page,
  }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    const rows = page.getByRole('region', { name: 'Exactly what will run' }).locator('[data-row]');
    for (const [at, word] of EXPORT_ARGV.entries()) {
      const row = rows.filter({
        has: page.locator('[data-label]', { hasText: new RegExp(`^Argument ${at}$`) }),
      });
      await expect(row.locator('[data-text]')).toHaveText(`“${word}”`);
    }
    await expect(rows.filter({ hasText: '9f'.repeat(32) })).toHaveCount(1);
    await expect(rows.filter({ hasText: '/srv/reports”' })).toHaveCount(1);
    await expect(page.getByText('solo: no separation of duties, no second witness')).toBeVisible();
    await expect(page.getByText('The agent’s own words. Nobody has checked them.')).toBeVisible();
  });

  test('an approval is one click and carries the digest of the text on screen', async ({
    page,
  }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await readAll(page);
    await settle(page);
    await approve(page).click();
    await expect(page.getByText('Approved, ran (0).').first()).toBeVisible();
    expect(main.decided).toEqual([
      { digest, verdict: 'approve', viewSha256: main.viewDigest(digest) },
    ]);
  });

  test('a screen that shows something else has another digest, and nothing is signed', async ({
    page,
  }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await readAll(page);
    await page.evaluate(() => {
      const text = [...document.querySelectorAll('[data-text]')].find((node) =>
        node.textContent.includes('customers'),
      );
      const walker = document.createTreeWalker(text ?? document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.nodeValue?.includes('customers')) node.nodeValue = 'nothing';
      }
    });
    await settle(page);
    await approve(page).click();
    await expect(note(page)).toContainText('What was on screen is not what would be signed.');
    expect(main.decided[0]?.viewSha256).not.toBe(main.viewDigest(digest));
    expect(main.request(digest).stage).toBe('open');
  });

  test('a label that was changed changes the digest too', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await readAll(page);
    await page.evaluate(() => {
      const label = document.querySelector('[data-label]')?.firstChild;
      if (label) label.nodeValue = `${label.nodeValue} `;
    });
    await deny(page).click();
    await expect.poll(() => main.decided.length).toBe(1);
    expect(main.decided[0]?.viewSha256).not.toBe(main.viewDigest(digest));
  });

  test('bytes that are not the digest’s are not shown and cannot be approved', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    const other = main.ask(sampleRequest({ reason: 'something else' }));
    const { open } = main.answers.request;
    Object.assign(main.answers.request, {
      open: () => open({ digest: other }, { surface: 'window', caller: '' }),
    });
    await using _window = await openWindow(page, main);
    await expect(page.getByText('are not the ones its digest names').first()).toBeVisible();
    await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
    expect(digest).not.toBe(other);
  });

  test('a long request cannot be approved before all of it was on screen', async ({ page }) => {
    const main = new FakeMain();
    const long = longArgument(
      Array.from({ length: 400 }, (_, i) => `line ${i} of the script\n`).join(''),
    );
    const action = execAction({ argv: ['node', 'export.js', long.field] });
    main.ask(sampleRequest({ action, attachments: [long.listed] }), [long.bytes]);
    await using _window = await openWindow(page, main);
    await expect(note(page)).toContainText('that must be read');
    await settle(page);
    // Pressed although it is off.
    await approve(page).click({ force: true });
    const pane = page.getByRole('region', { name: 'The request in full' });
    // The end alone is not the whole: what was jumped over was not seen.
    await pane.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await page.getByRole('button', { name: /^Show all [0-9,]+ bytes$/ }).click();
    await pane.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await settle(page);
    await approve(page).click({ force: true });
    expect(main.decided).toEqual([]);
    await expect(note(page)).toContainText('that must be read');
    await readAll(page);
    await settle(page);
    await approve(page).click();
    await expect.poll(() => main.decided.length).toBe(1);
    expect(main.decided[0]?.viewSha256).toBe(main.viewDigest(main.decided[0]?.digest ?? ''));
  });

  test('hidden characters are told apart and stay in the text that is hashed', async ({ page }) => {
    const main = new FakeMain();
    const action = execAction({ argv: ['node', 'export.js', 'cus\u202etomers'] });
    const digest = main.ask(sampleRequest({ action }));
    await using _window = await openWindow(page, main);
    await expect(page.getByText('⟦U+202E⟧')).toBeVisible();
    await expect(
      page.getByText('Has characters that reverse the direction of text.').first(),
    ).toBeVisible();
    await deny(page).click();
    await expect.poll(() => main.decided[0]?.viewSha256).toBe(main.viewDigest(digest));
  });
});

test.describe('around the card', () => {
  test('its last 30 seconds are announced once, at once, and not counted down', async ({
    page,
  }) => {
    const main = new FakeMain();
    main.ask(sampleRequest({ ttlMs: 33_000 }));
    await using _window = await openWindow(page, main);
    const urgent = page.locator('[role="alert"].unseen');
    await expect(page.getByRole('article')).toBeVisible();
    await expect(urgent).toHaveText('');
    await urgent.evaluate((node) => {
      new MutationObserver((seen) => {
        const before = Number(node.dataset['times'] ?? 0);
        node.dataset['times'] = String(before + seen.length);
      }).observe(node, { childList: true, characterData: true, subtree: true });
    });
    await expect(urgent).toHaveText(/^Less than 30 seconds left to decide: run export\.js/);
    // The clock beside it goes on.
    await expect(page.getByText(/^Expires in 2[67] s/)).toBeVisible();
    await expect(urgent).toHaveAttribute('data-times', '1');
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(urgent).toHaveText('');
  });

  test('what this machine knows of the agent and the target stands below what is signed', async ({
    page,
  }) => {
    const main = new FakeMain();
    const earlier = main.ask(sampleRequest({ reason: 'yesterday' }));
    await main.answers.request.decide(
      { digest: earlier, verdict: 'deny', viewSha256: main.viewDigest(earlier) },
      { surface: 'window', caller: '' },
    );
    await expect.poll(() => main.request(earlier).stage).toBe('ended');
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    const past = page.getByRole('region', { name: 'This machine’s history' });
    await expect(past).toContainText('No part of what you sign.');
    const lists = past.getByRole('list');
    await expect(lists).toHaveCount(2);
    for (const list of await lists.all())
      await expect(list.getByRole('listitem')).toHaveText(/^run export\.js.*Denied by Ada Marlow/);
    // The digest is of the rows above and of nothing here.
    await settle(page);
    await deny(page).click();
    await expect.poll(() => main.decided.at(-1)?.viewSha256).toBe(main.viewDigest(digest));
    await page.locator(`#request-${digest}`).click();
    await past.getByRole('button').first().click();
    await expect(page.getByRole('region', { name: /^run export/ })).toContainText('denied');
  });

  test('a history that never answers keeps no card back', async ({ page }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    Object.assign(main.answers.request, { history: () => new Promise(() => {}) });
    await using _window = await openWindow(page, main);
    await readAll(page);
    await settle(page);
    await approve(page).click();
    await expect.poll(() => main.decided).toHaveLength(1);
    await expect(page.getByRole('region', { name: 'This machine’s history' })).toHaveCount(0);
  });
});

test.describe('the desk', () => {
  test('rows keep their places under the pointer while requests come and end', async ({ page }) => {
    const main = new FakeMain();
    const first = main.ask(sampleRequest({ reason: 'first' }));
    const second = main.ask(sampleRequest({ reason: 'second' }));
    await using _window = await openWindow(page, main);
    const row = page.locator(`#request-${second}`);
    await row.hover();
    const before = await row.boundingBox();
    main.update(first, { stage: 'ended', how: 'withdrawn', approveOff: 'ended', denyOff: 'ended' });
    main.ask(sampleRequest({ reason: 'third' }));
    await expect(page.getByText('Withdrawn by the guard').first()).toBeVisible();
    await expect(page.getByRole('region', { name: 'Open' }).getByRole('listitem')).toHaveCount(3);
    expect(await row.boundingBox()).toEqual(before);
  });

  test('a request that arrives does not replace the card that is open', async ({ page }) => {
    const main = new FakeMain();
    const first = main.ask(sampleRequest({ reason: 'first' }));
    await using _window = await openWindow(page, main);
    await expect(page.locator(`#request-${first}`)).toHaveAttribute('aria-current', 'true');
    main.ask(sampleRequest({ reason: 'second' }));
    await expect(page.getByRole('region', { name: 'Open' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.locator(`#request-${first}`)).toHaveAttribute('aria-current', 'true');
  });
});

test.describe('history', () => {
  test('lists the log, loads older entries, tells a story and says what was checked', async ({
    page,
  }) => {
    const main = new FakeMain();
    for (let i = 0; i < 105; i++) main.ask(sampleRequest({ reason: `request ${i}` }));
    await using _window = await openWindow(page, main);
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('button', { name: 'Log entries' }).click();
    await expect(page.getByRole('row')).toHaveCount(101);
    await page.getByRole('button', { name: 'Load older' }).click();
    await expect(page.getByRole('row')).toHaveCount(106);
    await page.getByRole('row').nth(1).getByRole('button').click();
    await expect(page.getByText('Signature verified').first()).toBeVisible();
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await expect(page.getByText('105 entries hashed again, 105 signatures checked')).toBeVisible();
  });
});
