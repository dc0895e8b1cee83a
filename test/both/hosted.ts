// The same specs over both hosts of the window: the project says whether the real app shows itself on its loopback page, in
// Chromium, or as the tray app in a real Electron on a desktop of its own. Everything below the window is the same process tree.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page, test as base } from 'playwright/test';
import { TEST_ELECTRON } from '../../build/scripts/test-electron.ts';
import { openSession, type Session } from '../app/kit/session.ts';
import { RealApp } from '../kit/real-app.ts';

export type HostedApp = RealApp & {
  /** Starts the app, again after a stop, and gives the window that it opens. */
  readonly open: () => Promise<Page>;
};

class PageApp extends RealApp {
  readonly #page: Page;

  constructor(page: Page, setUp: boolean) {
    super(setUp);
    this.#page = page;
  }

  async open(): Promise<Page> {
    const address = await this.start();
    // Its fragment alone would change: that is no new page.
    await this.#page.goto('about:blank');
    await this.#page.goto(address);
    return this.#page;
  }
}

class TrayApp extends RealApp {
  readonly #session: Session;
  #electron: ElectronApplication | undefined;

  constructor(session: Session, setUp: boolean) {
    super(setUp);
    this.#session = session;
  }

  override get pid(): number {
    return this.#electron?.process().pid ?? 0;
  }

  async open(): Promise<Page> {
    // Nothing of this machine's person: no session, no folders, no keys.
    const user = join(this.folder, 'user');
    mkdirSync(user, { recursive: true });
    const passphrase = this.env['COUNTERSIGN_PASSPHRASE_FILE'];
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: user,
      LANG: 'C.UTF-8',
      COUNTERSIGN_HOME: this.home,
      ...this.#session.env,
      ...(passphrase === undefined ? {} : { COUNTERSIGN_PASSPHRASE_FILE: passphrase }),
    };
    this.#electron = await _electron.launch({
      executablePath: TEST_ELECTRON,
      args: ['--no-sandbox', '--disable-gpu'],
      env,
      timeout: 30_000,
    });
    return this.#electron.firstWindow();
  }

  override async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#electron?.process();
    this.#electron = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }
}

type Fixtures = {
  /** An app with keys, not started yet. */
  readonly app: HostedApp;
  /** The same before its first run. */
  readonly fresh: HostedApp;
};

export const test = base.extend<Fixtures, { readonly desktop: Session | undefined }>({
  desktop: [
    async ({ browserName: _ }, use, { project }) => {
      const session = project.name === 'app' ? await openSession({ tray: true }) : undefined;
      await use(session);
      await session?.close();
    },
    { scope: 'worker' },
  ],
  app: async ({ page, desktop }, use) => hosted(page, desktop, true, use),
  fresh: async ({ page, desktop }, use) => hosted(page, desktop, false, use),
});

async function hosted(
  page: Page,
  desktop: Session | undefined,
  setUp: boolean,
  use: (app: HostedApp) => Promise<void>,
): Promise<void> {
  const app = desktop === undefined ? new PageApp(page, setUp) : new TrayApp(desktop, setUp);
  await use(app);
  await app.close();
}
