// The main job, whole: the real app, broker and `countersign run`, decided by clicks on either host. What ran is
// looked up in the world (a marker file), never in a message.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from 'playwright/test';
import { PASSPHRASE, type RealApp, type Run, waitFor } from '../kit/real-app.ts';
import { test } from './hosted.ts';

const marker = (app: RealApp, name = 'ran') => join(app.folder, name);
const touch = (app: RealApp, name = 'ran') => ['--', 'touch', marker(app, name)];
const held = (run: Run) =>
  waitFor('held', 15_000, () => (run.stderr().includes('held: waiting') ? true : undefined));

async function card(page: Page, title: RegExp) {
  await page.getByRole('button', { name: title }).click();
  return page.getByRole('article', { name: title });
}

/** As a person does: reads what must be read, waits for the button, clicks once. */
async function approve(page: Page, title: RegExp) {
  const article = await card(page, title);
  const button = article.getByRole('button', { name: /^Approve/ });
  const next = article.getByRole('button', { name: 'Show the next one' });
  await expect(async () => {
    if (await next.isVisible()) await next.click();
    await expect(button).toBeEnabled({ timeout: 200 });
  }).toPass();
  // The button takes no press within 500 ms of a change, nor within 600 ms of another click.
  await page.waitForTimeout(700);
  await button.click();
}

test('one click approves, and exactly that command runs', async ({ app }) => {
  const page = await app.open();
  const run = app.run(
    '--agent',
    'billing-bot',
    '--reason',
    'nightly export',
    '--',
    'sh',
    '-c',
    `echo "$0 $1" > ${marker(app)}; exit 7`,
    'a b',
    'c',
  );
  await held(run);
  const article = await card(page, /run dash|run bash/);
  for (const text of ['billing-bot', '“nightly export”', '“a b”', '“-c”'])
    await expect(article.getByText(text, { exact: true }).first()).toBeVisible();
  expect(existsSync(marker(app))).toBe(false);
  await approve(page, /run dash|run bash/);
  expect(await run.ended).toBe(7);
  expect(existsSync(marker(app))).toBe(true);
  expect(run.stderr()).toContain('approved by');
  await expect.poll(() => app.ask('log')).toContain('finished 7');
  expect(await app.ask('log', 'verify')).toContain('log verified');
});

test('one click denies, with who and why on one line', async ({ app }) => {
  const page = await app.open();
  const run = app.run(...touch(app));
  await held(run);
  const article = await card(page, /run touch/);
  await article.getByRole('button', { name: 'Deny', exact: true }).click();
  expect(await run.ended).toBe(77);
  expect(existsSync(marker(app))).toBe(false);
  const line = run
    .stderr()
    .split('\n')
    .find((one) => one.includes('denied by'));
  expect(line).toMatch(/^countersign: denied by .+ \(request [0-9a-f]{12}\)$/);
});

test('nobody answers: it expires, and that is no denial', async ({ app }) => {
  const page = await app.open();
  const run = app.run('--ttl', '3s', ...touch(app));
  await held(run);
  await card(page, /run touch/);
  expect(await run.ended).toBe(75);
  expect(run.stderr()).toContain('nobody decided in time');
  expect(existsSync(marker(app))).toBe(false);
  await expect.poll(() => app.ask('log')).toContain('seen and not decided');
});

test('an interrupted run is withdrawn at once', async ({ app }) => {
  const page = await app.open();
  const run = app.run(...touch(app));
  await held(run);
  await card(page, /run touch/);
  run.kill('SIGINT');
  expect(await run.ended).toBe('SIGINT');
  await expect(
    page
      .getByRole('article')
      .getByText(/withdrawn/i)
      .first(),
  ).toBeVisible();
  expect(existsSync(marker(app))).toBe(false);
});

test('a guard that dies shows as gone, and approve goes off', async ({ app }) => {
  const page = await app.open();
  const run = app.run(...touch(app));
  await held(run);
  const article = await card(page, /run touch/);
  run.kill('SIGKILL');
  await expect(article.getByText(/gone/i).first()).toBeVisible();
  await expect(article.getByRole('button', { name: /^Approve/ })).toBeDisabled();
  expect(existsSync(marker(app))).toBe(false);
});

test('the broker is killed while it is held: it comes back, and so does the request', async ({
  app,
}) => {
  const page = await app.open();
  const run = app.run(...touch(app));
  await held(run);
  await card(page, /run touch/);
  const pid = app.brokerPid();
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, 'SIGKILL');
  await waitFor('the guard to say so', 15_000, () =>
    run.stderr().includes('not reached') ? true : undefined,
  );
  await expect
    .poll(() => app.brokerPid() !== undefined && app.brokerPid() !== pid, { timeout: 15_000 })
    .toBe(true);
  await waitFor('the guard to be back', 30_000, () =>
    run.stderr().includes('broker reached') ? true : undefined,
  );
  await approve(page, /run touch/);
  expect(await run.ended).toBe(0);
  expect(existsSync(marker(app))).toBe(true);
});

test('the app is restarted while it is held: the request is still there', async ({ app }) => {
  await app.open();
  const run = app.run(...touch(app));
  await held(run);
  await app.stop('SIGKILL');
  await approve(await app.open(), /run touch/);
  expect(await run.ended).toBe(0);
  expect(existsSync(marker(app))).toBe(true);
  expect(await app.ask('log', 'verify')).toContain('log verified');
});

test('two at once are two decisions', async ({ app }) => {
  const page = await app.open();
  const one = app.run('--', 'touch', marker(app, 'one'));
  await held(one);
  const two = app.run('--', 'touch', marker(app, 'two'));
  await held(two);
  await expect(page.getByRole('button', { name: /run touch .*one/ })).toBeVisible();
  await (await card(page, /run touch .*one/))
    .getByRole('button', { name: 'Deny', exact: true })
    .click();
  await approve(page, /run touch .*two/);
  expect(await one.ended).toBe(77);
  expect(await two.ended).toBe(0);
  expect(existsSync(marker(app, 'one'))).toBe(false);
  expect(existsSync(marker(app, 'two'))).toBe(true);
});

test('a page that shows something else than the request approves nothing', async ({ app }) => {
  const page = await app.open();
  const run = app.run('--ttl', '2m', ...touch(app));
  await held(run);
  const article = await card(page, /run touch/);
  // In what is signed: the heading, which names it too, is there earlier.
  await article
    .getByRole('region', { name: 'Exactly what will run' })
    .getByText(marker(app), { exact: false })
    .last()
    .evaluate((node) => {
      node.textContent = (node.textContent ?? '').replace('/ran', '/harmless');
    });
  await approve(page, /run touch/);
  await expect(page.getByText('What was on screen is not what would be signed.')).toBeVisible();
  run.kill('SIGTERM');
  await run.ended;
  expect(existsSync(marker(app))).toBe(false);
  expect(await app.ask('log')).not.toMatch(/decision .*approved/);
});

test('first run: one passphrase in the window, then the first approval', async ({ fresh: app }) => {
  const page = await app.open();
  await page
    .getByLabel(/^Passphrase/)
    .first()
    .fill(PASSPHRASE);
  await page
    .getByLabel(/again|repeat|twice|once more/i)
    .first()
    .fill(PASSPHRASE);
  await page
    .getByRole('button', { name: /Make|Create|Set up|Start/ })
    .first()
    .click();
  await expect(page.getByText('Connected')).toBeVisible({ timeout: 20_000 });
  const run = app.run(...touch(app));
  await held(run);
  await approve(page, /run touch/);
  expect(await run.ended).toBe(0);
  expect(existsSync(marker(app))).toBe(true);
});
