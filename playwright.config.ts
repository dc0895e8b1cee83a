// The ui suite is the real app in a real Chromium, the app suite in a real Electron. Tests start the app themselves, so
// there is no web server here, and a test that passes only the second time has failed.

import { defineConfig } from 'playwright/test';
import { findChromium } from './build/scripts/chromium.ts';

const chromium = findChromium(process.env);
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  projects: [
    {
      name: 'ui',
      testMatch: '{ui,both}/**/*.spec.ts',
      testIgnore: 'ui/frames/**',
      outputDir: './test-results/ui',
    },
    // What measures time in the window, and so runs alone.
    { name: 'frames', testMatch: 'ui/frames/**/*.spec.ts', outputDir: './test-results/frames' },
    // Runs beside `ui`: each empties a folder of its own.
    { name: 'app', testMatch: '{app,both}/**/*.spec.ts', outputDir: './test-results/app' },
  ],
  testDir: './test',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1100, height: 800 },
    // Without its pictures, which each test that passes would pay for: the nodes and the calls are in it all the same.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      headless: process.env['HEADFUL'] !== '1',
      args: [
        // Chromium's sandbox refuses root. For tests only: the product never starts a browser as root.
        ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
