// What the window can't do (security note 6.1): asked from the page, in the real Electron, with the app's own refusals on.

import { expect, test } from 'playwright/test';
import { packagedProgram, PASSPHRASE, Place, type Running, startApp } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

let session: Session;
let place: Place;
let app: Running;
test.beforeAll(async () => {
  session = await openSession({ tray: true });
  place = new Place();
  app = await startApp(session, place);
  await expect(app.page.getByRole('region', { name: 'Open' })).toBeVisible();
});
test.afterAll(async () => {
  await app.stop();
  await session.close();
  place[Symbol.dispose]();
});

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

test('every page comes with this policy and these headers, and only by GET of a known name', async () => {
  const asked = await app.electron.evaluate(async ({ session: sessions }) => {
    const own = sessions.fromPartition('countersign');
    const ask = async (path: string, method = 'GET') => {
      const response = await own.fetch(`app://countersign${path}`, { method });
      return { status: response.status, headers: Object.fromEntries(response.headers) };
    };
    return {
      page: await ask('/'),
      missing: await ask('/nothing.html'),
      map: await ask('/assets/../../main/index.js'),
      encoded: await ask('/%2e%2e/%2e%2e/package.json'),
      query: await ask('/?x=1'),
      post: await ask('/', 'POST'),
    };
  });
  expect(asked.page.status).toBe(200);
  for (const { headers } of Object.values(asked)) {
    expect(headers['content-security-policy']).toBe(CSP);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  expect(asked.missing.status).toBe(404);
  expect(asked.map.status).toBe(404);
  expect(asked.encoded.status).toBe(404);
  expect(asked.query.status).toBe(404);
  expect(asked.post.status).toBe(405);
});

test('another host of the scheme has no page', async () => {
  const status = await app.electron.evaluate(async ({ session: sessions }) => {
    try {
      const own = sessions.fromPartition('countersign');
      return (await own.fetch('app://elsewhere/')).status;
    } catch {
      return 'refused';
    }
  });
  expect(['refused', 404]).toContain(status);
});

test('the window’s preferences are the strict ones, each of them', async () => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // In the runtime and not in its types: what the window really has.
    const contents = window?.webContents as unknown as {
      getLastWebPreferences: () => Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    disableDialogs: true,
  });
  // Left out of what the runtime reports where they are off.
  for (const off of ['nodeIntegrationInWorker', 'navigateOnDragDrop', 'spellcheck']) {
    expect(preferences[off] ?? false).toBe(false);
  }
});

test('the page sees the contract’s object, frozen, and nothing of Electron or Node', async () => {
  const seen = await app.page.evaluate(() => {
    const own = (window as unknown as { countersign: Record<string, Record<string, unknown>> })
      .countersign;
    return {
      groups: Object.keys(own).sort(),
      kinds: [...new Set(Object.values(own).flatMap((group) => Object.values(group)))]
        .map((one) => typeof one)
        .filter((kind) => kind !== 'function'),
      leaks: ['require', 'process', 'electron', 'ipcRenderer', 'Buffer', 'module'].filter(
        (name) => name in window,
      ),
    };
  });
  expect(seen.groups).toEqual(
    expect.arrayContaining(['app', 'history', 'key', 'request', 'setup']),
  );
  expect(seen.kinds).toEqual([]);
  expect(seen.leaks).toEqual([]);
});

test('the page cannot go elsewhere', async () => {
  using own = new Place();
  await using other = await startApp(session, own);
  await expect(other.page.getByRole('region', { name: 'Open' })).toBeVisible();
  // From the runtime's side: the driver waits for a navigation that never comes.
  const after = async (code: string): Promise<unknown> =>
    other.electron.evaluate(async ({ BrowserWindow }, script) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      await contents?.executeJavaScript(`${script}; undefined`, true);
      await new Promise((done) => setTimeout(done, 150));
      return [contents?.getURL(), await contents?.executeJavaScript('document.title')];
    }, code);
  const here = ['app://countersign/', 'Countersign'];
  for (const to of [
    'https://example.com/',
    'file:///etc/passwd',
    'app://countersign/other',
    'app://elsewhere/',
    'data:text/html,x',
  ]) {
    expect(await after(`location.href = ${JSON.stringify(to)}`)).toEqual(here);
  }
  const link =
    "const a = document.createElement('a'); a.href = 'https://example.com/'; document.body.append(a); a.click()";
  expect(await after(link)).toEqual(here);
  expect(other.printed()).toContain('refused: navigation');
});

test('no window, no webview, no frame from elsewhere', async () => {
  const { page } = app;
  const opened = await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'app://countersign/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    link.remove();
    const webview = document.createElement('webview');
    webview.setAttribute('src', 'app://countersign/');
    document.body.append(webview);
    const frame = document.createElement('iframe');
    frame.src = 'app://countersign/';
    document.body.append(frame);
    return window.open('app://countersign/') === null;
  });
  expect(opened).toBe(true);
  await page.waitForTimeout(300);
  expect(app.electron.windows()).toHaveLength(1);
  const contents = await app.electron.evaluate(
    ({ webContents }) => webContents.getAllWebContents().length,
  );
  expect(contents).toBe(1);
  expect(app.printed()).toContain('refused: window');
  const framed = page.frames().filter((frame) => frame !== page.mainFrame());
  for (const frame of framed) expect(await frame.locator('#root').count()).toBe(0);
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('iframe, webview')) one.remove();
  });
});

test('no inline script, no eval, no connection, no picture from elsewhere', async () => {
  const { page } = app;
  const got = await page.evaluate(async () => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      blocked.push(event.effectiveDirective),
    );
    const failing = async (act: () => unknown): Promise<boolean> => {
      try {
        await act();
        return false;
      } catch {
        return true;
      }
    };
    const script = document.createElement('script');
    const refused = {
      text: await failing(() => {
        script.textContent = 'window.injected = 1';
        document.head.append(script);
      }),
      fetch: await failing(() => fetch('https://example.com/')),
      own: await failing(() => fetch('app://countersign/')),
      socket: await failing(
        () =>
          new Promise((open, close) => {
            const socket = new WebSocket('ws://127.0.0.1:9');
            socket.addEventListener('open', open);
            socket.addEventListener('error', close);
          }),
      ),
    };
    const image = new Image();
    const failed = new Promise((done) => image.addEventListener('error', () => done(true)));
    image.src = 'https://example.com/x.png';
    return { refused, image: await failed, injected: 'injected' in window, blocked };
  });
  expect(got.refused).toMatchObject({ fetch: true, own: true, socket: true });
  expect(got.image).toBe(true);
  expect(got.injected).toBe(false);
  expect(got.blocked).toContain('connect-src');
  expect(got.blocked).toContain('img-src');
});

test('every permission is refused, asked for and looked up', async () => {
  const states = await app.page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'clipboard-read',
      'midi',
    ];
    const said = await Promise.all(
      names.map(async (name) => {
        try {
          return (await navigator.permissions.query({ name: name as PermissionName })).state;
        } catch {
          return 'unknown';
        }
      }),
    );
    return { said, asked: await Notification.requestPermission() };
  });
  expect(states.said).not.toContain('granted');
  expect(states.said).toContain('denied');
  expect(states.asked).toBe('denied');
  expect(app.printed()).toContain('refused: permission');
});

test('the one exception: a Copy button puts its line on the clipboard, and no page reads it', async () => {
  const { page, electron } = app;
  // There is no window manager on this screen: a click gives the window its focus.
  await page.getByPlaceholder('Filter').click();
  await page
    .getByRole('button', { name: /^Copy: npx countersign run/ })
    .first()
    .click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  const copied = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toMatch(/^npx countersign run /);
  const read = await page.evaluate(() =>
    navigator.clipboard.readText().then(
      () => 'read',
      () => 'refused',
    ),
  );
  expect(read).toBe('refused');
});

test('a call from a frame, from another window or from a page that is gone is refused', async () => {
  const { page } = app;
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.name = 'inner';
    document.body.append(frame);
  });
  const said = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return [];
    const { webContents: contents } = window;
    // The handlers as Electron itself keeps them: called with frames that are real, as an event would carry them.
    const handlers = (
      contents.ipc as unknown as {
        _invokeHandlers: Map<string, (event: unknown, input: unknown) => Promise<unknown>>;
      }
    )._invokeHandlers;
    const call = async (senderFrame: unknown): Promise<string> => {
      try {
        await handlers.get('app.snapshot')?.({ senderFrame }, {});
        return 'answered';
      } catch (error) {
        return error instanceof Error ? error.message : '?';
      }
    };
    const inner = contents.mainFrame.frames[0];
    const other = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
    await other.loadURL('about:blank');
    const results = [
      await call(contents.mainFrame),
      await call(inner),
      await call(other.webContents.mainFrame),
      await call(null),
      inner === undefined ? 'no frame' : 'frame',
    ];
    other.destroy();
    return results;
  });
  expect(said).toEqual(['answered', 'refused', 'refused', 'refused', 'frame']);
  await page.evaluate(() => document.querySelector('iframe')?.remove());
});

test('input that is not the contract’s is refused', async () => {
  const said = await app.page.evaluate(async () => {
    const own = (
      window as unknown as {
        countersign: { request: { open: (input: unknown) => Promise<unknown> } };
      }
    ).countersign;
    try {
      await own.request.open({ digest: 'x', more: 1 });
      return 'answered';
    } catch (error) {
      return String(error);
    }
  });
  expect(said).toContain('badInput');
});

test('a renderer that crashes comes back with its page', async () => {
  using own = new Place();
  await using other = await startApp(session, own);
  await expect(other.page.getByRole('region', { name: 'Open' })).toBeVisible();
  await other.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  const text = () =>
    other.electron.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed()) return 'crashed';
      const asked = contents.executeJavaScript('document.body.innerText');
      // A page that died in between never answers.
      return String(
        await Promise.race([asked, new Promise((done) => setTimeout(done, 1000, 'silent'))]),
      );
    });
  await expect.poll(text, { timeout: 15_000 }).toContain('Desk');
  expect(other.printed()).toContain("the window's process ended");
});

test('a packaged app that is driven from outside shows the window and opens no key', async () => {
  using own = new Place();
  await using driven = await startApp(session, own, {
    unlocked: false,
    program: packagedProgram(),
  });
  const { page } = driven;
  await page.getByLabel('Your id').fill('ada');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Make my keys' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Set up Countersign' })).toBeVisible();
  const title = await driven.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getTitle(),
  );
  expect(title).toMatch(/locked: started with .*remote-debugging-port/);
});
