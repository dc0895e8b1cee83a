// History as it stands in the window: how it is reached, its list and the rows of it that are in the page.

import { expect, type Page } from 'playwright/test';
import type { FakeMain } from '../kit/fake-bridge.ts';
import { openWindow } from './window-kit.ts';

export async function openHistory(page: Page, main: FakeMain) {
  const window = await openWindow(page, main);
  await page.getByRole('button', { name: 'History' }).click();
  await expect(page.getByRole('listbox', { name: 'Requests, newest first' })).toBeVisible();
  return window;
}

export const list = (page: Page) => page.getByRole('listbox', { name: 'Requests, newest first' });
export const rows = (page: Page) => list(page).getByRole('option');
