// What a Linux desktop says of itself, what goes to notify-send, and the autostart file.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  autostartEntry,
  autostartPath,
  setAutostart,
  startsAtLogin,
} from '../../../main/hosts/linux/autostart.ts';
import {
  closeById,
  featuresOf,
  lookAround,
  type RunProgram,
  sessionOf,
  wordsIn,
} from '../../../main/hosts/linux/look.ts';
import { bodyText, titleText } from '../../../main/hosts/linux/markup.ts';
import { argumentsOf, linuxNotifier } from '../../../main/hosts/linux/notifier.ts';
import { limitsOf } from '../../../main/hosts/linux/servers.ts';
import { scratchFolder } from '../state/scratch.ts';

const HELP = `  -p, --print-id                    Print the notification ID.
  -w, --wait                        Wait for the notification to be closed before exiting.
  -A, --action=[NAME=]Text...       Specifies the actions to display to the user.`;
const OLD =
  '  -u, --urgency=LEVEL               Specifies the urgency level (low, normal, critical).';

type Said = { readonly code: number; readonly output: string } | undefined;
const machine =
  (programs: Record<string, (args: readonly string[]) => Said>, calls: string[] = []): RunProgram =>
  async (program, args) => {
    calls.push(`${program} ${args.join(' ')}`);
    return programs[program]?.(args);
  };
const ok = (output: string) => ({ code: 0, output });
const daemon = (capabilities: string) => (args: readonly string[]) =>
  ok(
    args.join().includes('GetServerInformation')
      ? "('dunst', 'knopwob', '1.9.0', '1.2')"
      : capabilities,
  );

describe('what the desktop can do', () => {
  test.each([
    "(['actions', 'body'],)",
    'as 2 "actions" "body"',
    '   array [\n string "actions"\n string "body"\n',
  ])('is read from %j', (output) => {
    expect(wordsIn(output)).toEqual(['actions', 'body']);
  });

  test('is buttons where both the program and the daemon have them', async () => {
    const look = (help: string, capabilities: string) =>
      lookAround(machine({ 'notify-send': () => ok(help), gdbus: daemon(capabilities) }));
    expect(await look(HELP, "(['actions'],)")).toMatchObject({ actions: true, server: 'dunst' });
    expect(await look(HELP, "(['body'],)")).toMatchObject({ actions: false });
    expect(await look(OLD, "(['actions'],)")).toMatchObject({ actions: false, waits: false });
    expect(featuresOf(OLD)).toEqual({ actions: false, waits: false, printsId: false });
  });

  test('is nothing where notify-send is missing or the daemon does not answer', async () => {
    expect((await lookAround(machine({}))).trouble).toBe('noProgram');
    const silent = machine({
      'notify-send': () => ok(HELP),
      busctl: () => ({ code: 1, output: '' }),
    });
    expect((await lookAround(silent)).trouble).toBe('noDaemon');
  });

  test('is tied to us where util-linux has it', async () => {
    const found = (help: string) =>
      lookAround(machine({ 'notify-send': () => ok(HELP), setpriv: () => ok(help) }));
    expect(await found(' --pdeathsig keep|clear|<signame>')).toMatchObject({ tied: true });
    expect(await found(' --no-new-privs')).toMatchObject({ tied: false });
  });

  test('is assumed to be little where there is nothing to ask with', async () => {
    const found = await lookAround(machine({ 'notify-send': () => ok(HELP) }));
    expect(found).toEqual({
      trouble: undefined,
      actions: false,
      waits: true,
      printsId: true,
      server: undefined,
      tied: false,
    });
    expect(limitsOf('some-daemon')).toEqual(limitsOf(undefined));
    expect(limitsOf('some-daemon').maxLines).toBeLessThan(limitsOf('dunst').maxLines);
  });

  test('needs a session: one is never started for it', () => {
    expect(sessionOf({ DISPLAY: ':0' }, () => false)).toBeUndefined();
    expect(sessionOf({ XDG_RUNTIME_DIR: '/run/user/7' }, () => true)).toMatchObject({
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/7/bus',
    });
    expect(sessionOf({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x', NODE_OPTIONS: '-r x' })).toEqual({
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x',
    });
  });

  test('a number that is none closes nothing', async () => {
    const calls: string[] = [];
    const run = machine({ gdbus: () => ok('()') }, calls);
    for (const id of ['', '-1', '1 2', '0x1', '99999999999']) await closeById(run, id);
    expect(calls).toEqual([]);
    await closeById(run, '12');
    expect(calls).toHaveLength(1);
  });
});

describe('what goes to notify-send', () => {
  test('is text whatever it holds', () => {
    expect(bodyText('<b>&amp;</b>\n\u0007é')).toBe('&lt;b&gt;&amp;amp;&lt;/b&gt;\n??');
    expect(titleText('a<b>&c\nd\0')).toBe('a(b)+c?d?');
  });

  test('comes after --, with the actions that were given and the body’s own', () => {
    const all = {
      trouble: undefined,
      actions: true,
      waits: true,
      printsId: true,
      server: 'dunst',
      tied: false,
    };
    const about = { id: 'x', body: '-b', urgent: true, sound: false } as const;
    const args = argumentsOf({ ...about, title: '--help', actions: ['approve', 'deny'] }, all);
    expect(args.slice(-3)).toEqual(['--', '--help', '-b']);
    expect(args.filter((arg) => arg.startsWith('--action='))).toEqual([
      '--action=default=Open',
      '--action=approve=Approve',
      '--action=deny=Deny',
    ]);
    const bare = argumentsOf(
      { ...about, title: 't', actions: ['deny'] },
      { ...all, actions: false },
    );
    expect(bare.filter((arg) => arg.startsWith('--action'))).toEqual([]);
  });

  test('is nothing without a session, and that is said', () => {
    const timers = { after: () => () => {} };
    const notifier = linuxNotifier({ env: {}, timers, journal: { note: () => {} } });
    const failed: string[] = [];
    const about = { id: 'x', title: 't', body: 'b', urgent: false, sound: false, actions: [] };
    notifier.show(about, (why) => void failed.push(why));
    expect(failed).toEqual(['noSession']);
    expect(notifier.capabilities()).toMatchObject({ actions: false, trouble: 'noSession' });
  });
});

describe('autostart', () => {
  const COMMAND = ['/opt/a "b"/$c`d\\e%f', '--hidden'];

  test('is a file in the person’s own folder; a relative XDG_CONFIG_HOME is ignored', () => {
    const homedir = '/home/maya';
    const path = '/home/maya/.config/autostart/countersign.desktop';
    expect(autostartPath({ env: {}, homedir })).toBe(path);
    expect(autostartPath({ env: { XDG_CONFIG_HOME: 'x' }, homedir })).toBe(path);
    expect(autostartPath({ env: { XDG_CONFIG_HOME: '/c' }, homedir })).toBe(
      '/c/autostart/countersign.desktop',
    );
  });

  test('quotes every word as the Desktop Entry Specification says', () => {
    expect(autostartEntry(COMMAND)).toContain(
      'Exec="/opt/a \\\\"b\\\\"/\\\\$c\\\\`d\\\\\\\\e%%f" "--hidden"\n',
    );
  });

  test('goes on and off, knows only its own entry, and takes no line end', () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'config', 'autostart', 'countersign.desktop');
    expect(setAutostart(path, COMMAND, true)).toMatchObject({ ok: true });
    expect(startsAtLogin(path, COMMAND)).toBe(true);
    expect(startsAtLogin(path, ['/other'])).toBe(false);
    expect(readFileSync(path, 'utf8')).toContain('Terminal=false');
    expect(setAutostart(path, ['a\nExec=evil'], true)).toMatchObject({ code: 'badCommand' });
    expect(setAutostart(path, COMMAND, false)).toMatchObject({ ok: true });
    expect(startsAtLogin(path, COMMAND)).toBe(false);
    mkdirSync(path);
    expect(setAutostart(path, COMMAND, true)).toMatchObject({ code: 'io' });
  });
});
