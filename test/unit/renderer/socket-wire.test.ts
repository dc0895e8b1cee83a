import { describe, expect, test } from 'vitest';
import { type Door, type Socket, socketWire } from '../../../renderer/socket-wire.ts';

/** One end of a socket in memory; the test plays main. */
class Line {
  readonly sent: unknown[] = [];
  readonly #listeners = new Map<string, ((event: { data: string }) => void)[]>();
  readonly socket: Socket = {
    send: (text: string) => void this.sent.push(JSON.parse(text)),
    close: () => this.fire('close'),
    addEventListener: (name: string, listen: (event: never) => void) => {
      // Events of this socket are made by `fire` alone.
      const own = listen as (event: { data: string }) => void;
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), own]);
    },
  } as Socket;

  fire(name: string, frame?: unknown): void {
    for (const listen of this.#listeners.get(name) ?? []) listen({ data: JSON.stringify(frame) });
  }
}

function open(token: string | undefined, kept?: string) {
  const lines: Line[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  let session = kept;
  let given = token;
  const door: Door = {
    takeToken: () => {
      const taken = given;
      given = undefined;
      return taken;
    },
    session: () => session,
    keep: (next) => {
      session = next;
    },
    forget: () => {
      session = undefined;
    },
  };
  const wire = socketWire('ws://test/bridge', door, {
    open: () => {
      const line = new Line();
      lines.push(line);
      return line.socket;
    },
    after: (ms, run) => void timers.push({ ms, run }),
  });
  const line = (at: number): Line => {
    const found = lines[at];
    if (found === undefined) throw new Error(`no socket ${at}`);
    return found;
  };
  return { wire, line, lines, timers, session: () => session };
}

describe('admission', () => {
  test('a token is sent once, its session afterwards', () => {
    const { wire, line, timers, session } = open('one');
    line(0).fire('open');
    expect(line(0).sent).toEqual([{ enter: { token: 'one' } }]);
    line(0).fire('message', { entered: { session: 'kept' } });
    expect([wire.state(), session()]).toEqual(['open', 'kept']);
    line(0).fire('close');
    expect(wire.state()).toBe('lost');
    timers[0]?.run();
    line(1).fire('open');
    expect(line(1).sent).toEqual([{ enter: { session: 'kept' } }]);
  });

  test('without token and session nothing is opened', () => {
    const { wire, lines } = open(undefined);
    expect([wire.state(), lines.length]).toEqual(['refused', 0]);
  });

  test('a refused session is forgotten and not tried again', () => {
    const { wire, line, timers, session } = open(undefined, 'old');
    line(0).fire('message', { refused: 'enter' });
    line(0).fire('close');
    expect([wire.state(), session(), timers.length]).toEqual(['refused', undefined, 0]);
  });

  test('a used token in an admitted tab falls back to its session', () => {
    const { wire, line, timers } = open('used', 'kept');
    line(0).fire('message', { refused: 'enter' });
    line(0).fire('close');
    timers[0]?.run();
    line(1).fire('open');
    expect(line(1).sent).toEqual([{ enter: { session: 'kept' } }]);
    line(1).fire('message', { entered: { session: 'kept' } });
    expect(wire.state()).toBe('open');
  });

  test('waits longer each time, five seconds at most', () => {
    const { line, timers } = open(undefined, 'kept');
    for (let at = 0; at < 6; at++) {
      line(at).fire('close');
      timers[at]?.run();
    }
    expect(timers.map(({ ms }) => ms)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });
});

describe('calls', () => {
  test('find their replies by id and their names from the members', async () => {
    const { wire, line } = open('one');
    line(0).fire('message', { entered: { session: 'kept' } });
    const [first, second] = [wire.bridge.key.lock({}), wire.bridge.setup.suggestion({})];
    expect(line(0).sent).toEqual([
      { call: 'key.lock', id: 0, input: {} },
      { call: 'setup.suggestion', id: 1, input: {} },
    ]);
    line(0).fire('message', { reply: 1, output: { id: 'ada', name: 'Ada', home: '/h' } });
    line(0).fire('message', { reply: 0, failed: 'internal' });
    await expect(second).resolves.toMatchObject({ id: 'ada' });
    await expect(first).rejects.toThrow('internal');
  });

  test('in flight when the socket goes are refused, and so is every call until it is back', async () => {
    const { wire, line } = open('one');
    line(0).fire('message', { entered: { session: 'kept' } });
    const call = wire.bridge.key.lock({});
    line(0).fire('close');
    await expect(call).rejects.toThrow('went away');
    await expect(wire.bridge.key.lock({})).rejects.toThrow('cannot be reached');
  });

  test('an event reaches its listeners until they end', () => {
    const { wire, line } = open('one');
    line(0).fire('message', { entered: { session: 'kept' } });
    const heard: unknown[] = [];
    const end = wire.bridge.app.changed((changed) => heard.push(changed));
    line(0).fire('message', { event: 'app.changed', payload: { revision: 2, changes: [] } });
    end();
    line(0).fire('message', { event: 'app.changed', payload: { revision: 3, changes: [] } });
    expect(heard).toEqual([{ revision: 2, changes: [] }]);
  });
});
