// A desktop of the test's own: a screen without a monitor, a private bus, and on that bus the two services that a desktop
// gives an app, a notification daemon and a place for tray icons. What the app sent to them is what a person would see.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { invariant } from '../../../shared/result.ts';
import { type Bus, type BusCall, openBus, type Reply } from './bus.ts';
import type { Variant } from './bus-wire.ts';

export type Notified = {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly urgency: number | undefined;
  /** Buttons by name, without the one for a click on the body. */
  readonly buttons: readonly string[];
  readonly open: boolean;
};

export type MenuItem = {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly line: boolean;
};

export type Session = {
  readonly env: Readonly<Record<string, string>>;
  readonly notified: () => readonly Notified[];
  /** As a click on the notification itself. */
  readonly clickNotification: (id: number, button?: string) => void;
  readonly trayItems: () => readonly string[];
  readonly trayMenu: () => Promise<readonly MenuItem[]>;
  readonly trayProperty: (name: string) => Promise<unknown>;
  readonly clickTray: (label: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

const NOTIFICATIONS = 'org.freedesktop.Notifications';
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const PATH_OF_DAEMON = '/org/freedesktop/Notifications';

export type SessionOptions = {
  /** Whether this desktop has a place for icons. */
  readonly tray: boolean;
  /** Whether its notifications have buttons. */
  readonly buttons?: boolean;
};

export async function openSession(options: SessionOptions): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bus-'));
  const children: ChildProcess[] = [];
  const start = (program: string, args: readonly string[], fd: number): Promise<string> => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    children.push(child);
    return firstLine(child.stdio[fd] as Readable, program);
  };
  const display = await start(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
    3,
  );
  const socket = join(folder, 'bus');
  writeFileSync(join(folder, 'bus.conf'), busConfig(socket));
  await start(
    'dbus-daemon',
    [`--config-file=${join(folder, 'bus.conf')}`, '--nofork', '--print-address=1'],
    1,
  );
  const desk = new Desk(options.buttons ?? true);
  desk.bus = await openBus(socket, (call) => desk.answer(call));
  await desk.bus.ownName(NOTIFICATIONS);
  if (options.tray) await desk.bus.ownName(WATCHER);
  return {
    env: { DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` },
    notified: () => [...desk.notified.values()],
    clickNotification: (id, button) => desk.activate(id, button),
    trayItems: () => desk.items.map(({ sender }) => sender),
    trayMenu: () => desk.menu(),
    trayProperty: (name) => desk.property(name),
    clickTray: (label) => desk.click(label),
    close: async () => {
      desk.bus?.close();
      for (const child of children) child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

class Desk {
  bus: Bus | undefined;
  readonly notified = new Map<number, Notified>();
  readonly items: { readonly sender: string; readonly path: string }[] = [];
  readonly #buttons: boolean;
  #next = 0;

  constructor(buttons: boolean) {
    this.#buttons = buttons;
  }

  answer({ member, interface: from, path, body, sender }: BusCall): Reply | undefined {
    if (from === PROPERTIES) return this.#properties(path, member, body);
    switch (member) {
      case 'GetCapabilities':
        return {
          signature: 'as',
          body: [['body', 'body-markup', ...(this.#buttons ? ['actions'] : [])]],
        };
      case 'GetServerInformation':
        return { signature: 'ssss', body: ['test', 'countersign', '1', '1.2'] };
      case 'Notify':
        return { signature: 'u', body: [this.#notify(body)] };
      case 'CloseNotification':
        this.#closed(Number(body[0]), 3);
        return { signature: '', body: [] };
      case 'RegisterStatusNotifierItem': {
        const said = String(body[0]);
        this.items.push({ sender, path: said.startsWith('/') ? said : '/StatusNotifierItem' });
        return { signature: '', body: [] };
      }
      case 'RegisterStatusNotifierHost':
      case 'Ping':
        return { signature: '', body: [] };
      default:
        return undefined;
    }
  }

  #properties(path: string, member: string, body: readonly unknown[]): Reply {
    const all: readonly (readonly [string, Variant])[] =
      path === '/StatusNotifierWatcher'
        ? [
            ['IsStatusNotifierHostRegistered', { type: 'b', value: true }],
            ['ProtocolVersion', { type: 'i', value: 0 }],
            ['RegisteredStatusNotifierItems', { type: 'as', value: [] }],
          ]
        : [];
    if (member === 'GetAll') return { signature: 'a{sv}', body: [all] };
    const found = all.find(([name]) => name === body[1])?.[1];
    return { signature: 'v', body: [found ?? { type: 's', value: '' }] };
  }

  #notify(body: readonly unknown[]): number {
    const [, replaces, , title, text, actions, hints] = body;
    // Names and labels take turns.
    const names = (actions as readonly string[]).filter((_, at) => at % 2 === 0);
    this.#next += 1;
    const id = Number(replaces) || this.#next;
    const urgency = (hints as readonly [string, Variant][]).find(([name]) => name === 'urgency');
    this.notified.set(id, {
      id,
      title: String(title),
      body: String(text),
      urgency: urgency === undefined ? undefined : Number(urgency[1].value),
      buttons: names.filter((name) => name !== 'default'),
      open: true,
    });
    return id;
  }

  /** 2: dismissed by the person, 3: closed by a call. */
  #closed(id: number, why: 2 | 3): void {
    const one = this.notified.get(id);
    if (one !== undefined) this.notified.set(id, { ...one, open: false });
    this.signal('NotificationClosed', 'uu', [id, why]);
  }

  /** A notification that is not resident is gone once it was clicked, as on every desktop. */
  activate(id: number, button = 'default'): void {
    this.signal('ActionInvoked', 'us', [id, button]);
    this.#closed(id, 2);
  }

  signal(member: string, signature: string, body: readonly unknown[]): void {
    this.bus?.emit({ path: PATH_OF_DAEMON, interface: NOTIFICATIONS, member }, signature, body);
  }

  #call(path: string, of: string, member: string, signature: string, body: readonly unknown[]) {
    const item = this.items.at(-1);
    invariant(this.bus && item, 'there is a tray icon');
    return this.bus.call(
      { destination: item.sender, path, interface: of, member },
      signature,
      body,
    );
  }

  async property(name: string): Promise<unknown> {
    const path = this.items.at(-1)?.path ?? '';
    const [found] = await this.#call(path, PROPERTIES, 'Get', 'ss', [ITEM, name]);
    return (found as Variant).value;
  }

  async menu(): Promise<readonly MenuItem[]> {
    const path = String(await this.property('Menu'));
    const [, layout] = await this.#call(path, MENU, 'GetLayout', 'iias', [0, -1, []]);
    const [, , children] = layout as readonly [number, unknown, readonly Variant[]];
    return children.map(({ value }) => {
      const [id, pairs] = value as readonly [number, readonly (readonly [string, Variant])[]];
      const properties = new Map(pairs.map(([key, held]) => [key, held.value]));
      const label = properties.get('label');
      return {
        id,
        // A single underscore marks the mnemonic, two are one.
        label: typeof label === 'string' ? label.replaceAll('__', '_') : '',
        enabled: properties.get('enabled') !== false,
        line: properties.get('type') === 'separator',
      };
    });
  }

  async click(label: string): Promise<void> {
    const path = String(await this.property('Menu'));
    const item = (await this.menu()).find((one) => one.label.includes(label));
    invariant(item, `the tray's menu has "${label}"`);
    const nothing = { type: 's', value: '' };
    await this.#call(path, MENU, 'Event', 'isvu', [item.id, 'clicked', nothing, 0]);
  }
}

function firstLine(stream: Readable, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.trim());
    });
    stream.once('close', () => reject(new Error(`${program} did not start`)));
  });
}

/** Nobody's files but these: no activation, no other user. */
const busConfig = (socket: string): string =>
  `<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
