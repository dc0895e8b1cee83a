// The computer's key store in the window: offered where it keeps a secret, said why where it is not, and every failure of
// it in one sentence where the key is opened and where it is set.

import { expect, test } from 'playwright/test';
import type { VaultState } from '../../shared/ipc/snapshot.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow, sampleRequest } from './window-kit.ts';

const OFFERED: VaultState = { keeps: false, passphrase: false, name: 'gnome_libsecret' };
const KEPT: VaultState = { ...OFFERED, keeps: true, wrappedBy: 'gnome_libsecret' };

function mainWith(state: 'absent' | 'locked' | 'unlocked', vault: VaultState): FakeMain {
  const main = new FakeMain(state);
  main.change({ what: 'key', value: { state, vault } });
  return main;
}

test.describe('setup', () => {
  test('takes the key store first, and asks for no passphrase then', async ({ page }) => {
    await using _window = await openWindow(page, mainWith('absent', OFFERED));
    await expect(page.getByLabel('This computer’s key store: the GNOME keyring')).toBeChecked();
    await page.getByLabel('Passphrase for critical approvals (optional)').fill('short');
    await page.getByLabel('Passphrase again').fill('short');
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
    await page.getByLabel('Passphrase for critical approvals (optional)').fill('');
    await page.getByLabel('Passphrase again').fill('');
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  });

  test('asks for a passphrase where that is chosen', async ({ page }) => {
    await using _window = await openWindow(page, mainWith('absent', OFFERED));
    await page.getByLabel('A passphrase, asked every 12 hours').check();
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
  });

  for (const [trouble, says] of [
    ['none', 'can’t use the computer’s key store'],
    ['weak', 'keeps no secret from others'],
    ['unavailable', 'does not answer now'],
  ] as const)
    test(`says why it offers none: ${trouble}`, async ({ page }) => {
      const main = mainWith('absent', { keeps: false, passphrase: false, trouble });
      await using _window = await openWindow(page, main);
      await expect(page.getByText(says)).toBeVisible();
      await expect(page.getByRole('group', { name: 'What protects your keys' })).toHaveCount(0);
      await expect(page.getByLabel('Passphrase', { exact: true })).toBeVisible();
    });
});

test.describe('the key', () => {
  test('is locked and opened again by a press, without a question', async ({ page }) => {
    await using _window = await openWindow(page, mainWith('unlocked', KEPT));
    await page.getByRole('button', { name: 'Lock the key', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Unlock to decide' })).toBeVisible();
    await expect(page.getByLabel('Passphrase')).toHaveCount(0);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  });

  for (const [trouble, says] of [
    ['none', 'which only the app in the tray can open'],
    ['unavailable', 'The GNOME keyring does not answer. Unlock it, then try again'],
    ['refused', 'The GNOME keyring does not open your keys'],
    ['damaged', 'not one that this version wrote'],
  ] as const)
    test(`says why it does not open, and asks for nothing in its place: ${trouble}`, async ({
      page,
    }) => {
      await using _window = await openWindow(page, mainWith('locked', { ...KEPT, trouble }));
      await expect(page.getByRole('alert')).toContainText(says);
      await expect(page.getByLabel('Passphrase')).toHaveCount(0);
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(page.getByRole('alert')).toContainText(says);
    });

  test('names both stores where another one is there; the passphrase that was set still opens it', async ({
    page,
  }) => {
    const vault = { ...KEPT, name: 'kwallet6', passphrase: true, trouble: 'changed' } as const;
    await using _window = await openWindow(page, mainWith('locked', vault));
    await expect(page.getByRole('alert')).toContainText(
      'Your keys are in the GNOME keyring, and this computer now offers KWallet 6',
    );
    await page.getByLabel('Passphrase').fill('not the passphrase');
    await page.getByLabel('Passphrase').press('Enter');
    await expect(page.getByText('That passphrase does not open your key.')).toBeVisible();
  });

  test('in settings: what keeps it, what critical takes, and what is in the way', async ({
    page,
  }) => {
    const main = mainWith('unlocked', KEPT);
    await using _window = await openWindow(page, main);
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    const keys = page.getByRole('region', { name: 'Keys' });
    await expect(keys).toContainText('Kept in the GNOME keyring');
    await expect(keys).toContainText('critical requests can only be denied');
    await expect(keys).toContainText('Unlocked until you lock it.');
    const passphrase = { keeps: false, passphrase: true, trouble: 'weak' } as const;
    main.change({ what: 'key', value: { state: 'unlocked', vault: passphrase } });
    await expect(keys).toContainText('only your passphrase opens');
    await expect(keys).toContainText('keeps no secret from others');
  });

  test('a critical card without a passphrase can only be denied, and says why', async ({
    page,
  }) => {
    const main = mainWith('unlocked', KEPT);
    const digest = main.ask(sampleRequest({}, 'critical'));
    main.update(digest, { approveOff: 'noPresence' });
    await using _window = await openWindow(page, main);
    await expect(page.getByText('these keys were made without one')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Deny/ }).first()).toBeEnabled();
  });
});
