// Approve with changes in the window: the editor with its exact values and its difference, by pointer and by keyboard alone, and
// the card of what was then asked.

import { expect, type Page, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { violations } from './axe.ts';
import {
  approve,
  deny,
  execAction,
  EXPORT_ARGV,
  note,
  openWindow,
  readAll,
  sampleRequest,
  settle,
} from './window-kit.ts';

const open = (page: Page) => page.getByRole('button', { name: 'Change…' });
const editor = (page: Page) => page.getByRole('group', { name: 'What should be asked instead' });
const argument = (page: Page, place: number) =>
  editor(page).getByLabel(place === 0 ? 'Argument 0, the program' : `Argument ${place}`, {
    exact: true,
  });
const send = (page: Page) => editor(page).getByRole('button', { name: 'Deny and propose this' });
const lines = (page: Page) => editor(page).getByRole('list', { name: 'What would change' });

test.describe('proposing something else', () => {
  test('one argument a line; what is sent is a denial with exactly that', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await open(page).click();
    await expect(argument(page, 0)).toBeFocused();
    for (const [place, word] of EXPORT_ARGV.entries())
      await expect(argument(page, place)).toHaveValue(word);
    await expect(send(page)).toHaveAttribute('aria-disabled', 'true');
    await expect(editor(page)).toContainText('Nothing is changed yet.');
    await argument(page, 2).fill('orders');
    await expect(lines(page).getByRole('listitem')).toHaveCount(2);
    await expect(lines(page).locator('del')).toHaveText('customers');
    await expect(lines(page).locator('ins')).toHaveText('orders');
    await editor(page).getByLabel('Why, for the agent').fill('not the customers');
    expect(await violations(page)).toEqual([]);
    await send(page).click();
    await expect.poll(() => main.request(digest).how).toBe('denied');
    expect(main.decided).toEqual([
      {
        digest,
        verdict: 'deny',
        viewSha256: main.viewDigest(digest),
        reason: 'not the customers',
        changes: { kind: 'exec', argv: ['node', 'export.js', 'orders', '--format', 'csv'] },
      },
    ]);
    await expect(page.getByRole('region', { name: 'What was proposed instead' })).toContainText(
      'orders',
    );
  });

  test('by the keyboard alone: open, add, move, take away, send', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await expect(open(page)).toBeVisible();
    await page.keyboard.press('c');
    await expect(argument(page, 0)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(argument(page, 1)).toBeFocused();
    await page.keyboard.type('--check');
    await page.keyboard.press('Alt+ArrowDown');
    await expect(argument(page, 2)).toHaveValue('--check');
    await expect(argument(page, 2)).toBeFocused();
    await argument(page, 3).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await expect(argument(page, 2)).toBeFocused();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => main.request(digest).how).toBe('denied');
    expect(main.decided[0]?.changes).toEqual({
      kind: 'exec',
      argv: ['node', 'export.js', '--check', '--format', 'csv'],
    });
  });

  test('Escape closes it and nothing behind it; the focus goes back, and nothing was sent', async ({
    page,
  }) => {
    const main = new FakeMain();
    main.ask(sampleRequest());
    await using _window = await openWindow(page, main);
    await open(page).click();
    await page.keyboard.type('x');
    await page.keyboard.press('Escape');
    await expect(editor(page)).toHaveCount(0);
    await expect(open(page)).toBeFocused();
    await expect(page.locator('#card')).toBeVisible();
    expect(main.decided).toEqual([]);
  });

  test('letters typed into it are no keys of the card', async ({ page }) => {
    const main = new FakeMain();
    main.ask(sampleRequest({}, 'low'));
    await using _window = await openWindow(page, main);
    await open(page).click();
    await settle(page);
    await page.keyboard.type('ad');
    await expect(argument(page, 0)).toHaveValue('nodead');
    expect(main.decided).toEqual([]);
  });

  test('what cannot be seen stands as its token, and half a token cannot be sent', async ({
    page,
  }) => {
    const main = new FakeMain();
    const bell = { b64: Buffer.from('a\u0007b\nc').toString('base64') };
    const digest = main.ask(
      sampleRequest({ action: execAction({ argv: ['node', bell, 'x\u202ey'] }) }),
    );
    await using _window = await openWindow(page, main);
    await open(page).click();
    await expect(argument(page, 1)).toHaveValue('a⟦U+0007⟧b\nc');
    await expect(argument(page, 2)).toHaveValue('x⟦U+202E⟧y');
    await argument(page, 2).fill('x⟦U+20');
    await expect(editor(page).getByRole('alert')).toContainText('Half a token');
    await expect(send(page)).toHaveAttribute('aria-disabled', 'true');
    await argument(page, 2).fill('xy');
    await expect(lines(page)).toContainText('⟦U+202E⟧');
    await argument(page, 0).fill('node\u200b');
    await expect(argument(page, 0)).toHaveValue('node⟦U+200B⟧');
    await argument(page, 0).fill('node');
    await send(page).click();
    await expect.poll(() => main.request(digest).how).toBe('denied');
    expect(main.decided[0]?.changes).toEqual({ kind: 'exec', argv: ['node', bell, 'xy'] });
  });

  test('a tool’s text is one field, and must stay JSON', async ({ page }) => {
    const main = new FakeMain();
    const digest = main.ask(
      sampleRequest({
        action: {
          kind: 'mcp',
          server: 'files',
          tool: 'delete_folder',
          definitionSha256: 'ab'.repeat(32),
          argumentsRaw: '{"path":"/srv"}',
        },
      }),
    );
    await using _window = await openWindow(page, main);
    await open(page).click();
    const text = editor(page).getByLabel('The text of the call');
    await text.fill('{"path":"/srv/old"');
    await expect(editor(page)).toContainText('must be JSON');
    await text.fill('{"path":"/srv/old"}');
    await send(page).click();
    await expect.poll(() => main.request(digest).how).toBe('denied');
    expect(main.decided[0]?.changes).toEqual({
      kind: 'mcp',
      argumentsRaw: '{"path":"/srv/old"}',
    });
  });
});

test.describe('the card of a changed request', () => {
  const pair = (main: FakeMain): { readonly parent: string; readonly child: string } => {
    const parent = main.ask(sampleRequest());
    const argv = ['node', 'export.js', 'orders', '--format', 'csv'];
    return { parent, child: main.ask(sampleRequest({ action: execAction({ argv }), parent })) };
  };
  const changed = (page: Page) =>
    page.getByRole('region', { name: 'Changed from a denied request' });

  test('shows what differs, leads to the denied one, and is approved like any other', async ({
    page,
  }) => {
    const main = new FakeMain();
    const { parent, child } = pair(main);
    await using _window = await openWindow(page, main);
    await page.locator(`#request-${child}`).click();
    await expect(changed(page)).toContainText('proposed exactly this');
    await expect(changed(page).locator('del')).toHaveText('customers');
    await expect(changed(page).locator('ins')).toHaveText('orders');
    expect(await violations(page)).toEqual([]);
    await readAll(page);
    await settle(page);
    await approve(page).click();
    await expect.poll(() => main.request(child).how).toBe('approved');
    expect(main.decided[0]?.viewSha256).toBe(main.viewDigest(child));
    await changed(page).getByRole('button', { name: 'The denied request' }).click();
    await expect(page.locator(`#request-${parent}`)).toHaveAttribute('aria-current', 'true');
  });

  test('says that nobody proposed it, where main found so', async ({ page }) => {
    const main = new FakeMain();
    main.parentSays = 'other';
    const { child } = pair(main);
    main.update(child, { approveOff: 'otherParent' });
    await using _window = await openWindow(page, main);
    await page.locator(`#request-${child}`).click();
    await expect(changed(page)).toContainText('nobody proposed this then');
    await expect(approve(page)).toHaveAttribute('aria-disabled', 'true');
    await expect(note(page)).toContainText('nobody proposed this');
    await expect(deny(page)).not.toHaveAttribute('aria-disabled', 'true');
  });

  test('says that the parent’s text is not here', async ({ page }) => {
    const main = new FakeMain();
    main.parentSays = 'unread';
    const { child } = pair(main);
    await using _window = await openWindow(page, main);
    await page.locator(`#request-${child}`).click();
    await expect(changed(page)).toContainText('not on this machine');
    await expect(changed(page).getByRole('list')).toHaveCount(0);
  });
});
