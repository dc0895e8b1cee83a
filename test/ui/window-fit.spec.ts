// All that must be read of a typical request stands on one screen, so that a medium request is one look and one click.

import { expect, test } from 'playwright/test';
import { FakeMain } from '../kit/fake-bridge.ts';
import { approve, execAction, openWindow, sampleRequest } from './window-kit.ts';

const { script: _script, ...program } = execAction({
  argv: ['psql', '--host', 'db-1.prod', '--command', 'select 1', '--quiet'],
  executable: {
    path: '/usr/bin/psql',
    sha256: '41'.repeat(32),
    size: 3_120_440,
    mode: '0755',
    uid: 0,
    gid: 0,
  },
});

const TYPICAL = {
  'a script with five arguments and two variables': execAction(),
  'a program with six arguments': program,
  'a script with six arguments': execAction({
    argv: ['node', 'export.js', 'customers', '--format', 'csv', '--dry-run'],
  }),
} as const;

for (const height of [720, 800])
  for (const [name, action] of Object.entries(TYPICAL))
    test(`${name}: every must-see row is on screen at 1100x${height} without scrolling`, async ({
      page,
    }) => {
      await page.setViewportSize({ width: 1100, height });
      const main = new FakeMain('unlocked', 100);
      main.ask(sampleRequest({ action }));
      await using _window = await openWindow(page, main);
      await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
      const below = await page
        .getByRole('region', { name: 'The request in full' })
        .evaluate((pane) => {
          const { bottom } = pane.getBoundingClientRect();
          return [...pane.querySelectorAll('[data-must]')]
            .filter((row) => row.getBoundingClientRect().bottom > bottom + 0.5)
            .map((row) => row.textContent);
        });
      expect(below).toEqual([]);
      await expect(approve(page)).not.toHaveAttribute('aria-disabled', 'true');
    });
