// Every screen in light, dark and forced colours: axe finds nothing serious, nothing scrolls sideways, and a picture of
// each is kept in .cache/screens to be looked at.

import { resolve } from 'node:path';
import { expect, test } from 'playwright/test';
import { type Shape, violationsIn } from './axe.ts';
import { busyDesk, english } from './desks.ts';
import { choose, SCREENS } from './screens.ts';
import { openWindow } from './window-kit.ts';

const PICTURES = resolve(import.meta.dirname, '../../.cache/screens');
const THEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

// Each screen leaves its pictures: no trace is kept of how it came about.
test.use({ viewport: { width: 1100, height: 720 }, trace: 'off' });

for (const [name, screen] of Object.entries(SCREENS)) {
  test(`${name}: nothing serious in any theme, nothing wider than the window`, async ({ page }) => {
    await using _window = await openWindow(page, screen.main());
    await screen.reach?.(page, english);
    let judged: Shape | undefined;
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await page.screenshot({ path: resolve(PICTURES, `${name}-${theme}.png`) });
      const { found, shape } = await violationsIn(page, { ourColours: theme !== 'forced', judged });
      judged = shape;
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [theme, id, nodes.map((node) => node.html)])).toEqual(
        [],
      );
    }
    await page.setViewportSize({ width: 420, height: 760 });
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    await page.screenshot({ path: resolve(PICTURES, `${name}-narrow.png`) });
    expect(wide).toBeLessThanOrEqual(0);
  });
}

test('a narrow window shows the card over the list, and Escape goes back', async ({ page }) => {
  await page.setViewportSize({ width: 420, height: 760 });
  const main = busyDesk();
  await using _window = await openWindow(page, main);
  await expect(page.getByRole('article')).toHaveCount(0);
  expect(main.gestures).toEqual([]);
  await choose(0)(page, english);
  await page.screenshot({ path: resolve(PICTURES, 'card-narrow-open.png') });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article')).toHaveCount(0);
});
