// The contract over one WebSocket, where there is no Electron. Admission first (a token, then the session it bought),
// then calls and events. A call while the socket is down is refused at once: nothing is kept to be sent later.

import { LIMITS } from '../shared/protocol/limits.ts';
import type { AppContract, Bridge } from '../shared/ipc/contract.ts';
import type { Event } from '../shared/ipc/define.ts';
import type { ServerFrame } from '../shared/ipc/frames.ts';

export type WireState = 'entering' | 'open' | 'lost' | 'refused';

export type Wire = {
  readonly bridge: Bridge;
  readonly state: () => WireState;
  /** Called on every change of state; returns its own end. */
  readonly listen: (listen: (state: WireState) => void) => () => void;
};

export type Door = {
  readonly takeToken: () => string | undefined;
  readonly session: () => string | undefined;
  readonly keep: (session: string) => void;
  readonly forget: () => void;
};

export type Socket = Pick<WebSocket, 'send' | 'close' | 'addEventListener'>;
export type SocketPorts = {
  readonly open: (url: string, protocol: string) => Socket;
  readonly after: (ms: number, run: () => void) => void;
};

const SUBPROTOCOL = 'countersign-bridge.v1';

type EventName = {
  [G in keyof AppContract]: {
    [M in keyof AppContract[G]]: AppContract[G][M] extends Event
      ? `${G & string}.${M & string}`
      : never;
  }[keyof AppContract[G]];
}[keyof AppContract];

/** Total by its type: the contract's events, without its schemas. */
const EVENTS: { readonly [N in EventName]: true } = {
  'app.changed': true,
  'app.raised': true,
  'history.exported': true,
  'history.verifying': true,
};

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (why: Error) => void;
};
type Listen = (payload: unknown) => void;

export function socketWire(url: string, door: Door, ports: SocketPorts): Wire {
  const line = new Line(url, door, ports);
  return {
    bridge: bridgeOver(
      (name, input) => line.call(name, input),
      (name, listen) => line.on(name, listen),
    ),
    state: () => line.state,
    listen: (listen) => addTo(line.watchers, listen),
  };
}

class Line {
  state: WireState = 'entering';
  readonly watchers = new Set<(state: WireState) => void>();
  readonly #url: string;
  readonly #door: Door;
  readonly #ports: SocketPorts;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<Listen>>();
  #socket: Socket | undefined;
  #nextId = 0;
  #attempt = 0;

  constructor(url: string, door: Door, ports: SocketPorts) {
    this.#url = url;
    this.#door = door;
    this.#ports = ports;
    this.#connect();
  }

  call(name: string, input: unknown): Promise<unknown> {
    if (this.state !== 'open') return Promise.reject(new Error('the app cannot be reached'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket?.send(JSON.stringify({ call: name, id, input }));
    });
  }

  on(name: string, listen: Listen): () => void {
    const listeners = this.#listeners.get(name) ?? new Set<Listen>();
    this.#listeners.set(name, listeners);
    return addTo(listeners, listen);
  }

  #connect(): void {
    const token = this.#door.takeToken();
    const session = token === undefined ? this.#door.session() : undefined;
    if (token === undefined && session === undefined) {
      this.#become('refused');
      return;
    }
    const socket = this.#ports.open(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    const enter = token === undefined ? { session } : { token };
    socket.addEventListener('open', () => socket.send(JSON.stringify({ enter })));
    socket.addEventListener('message', (message) => this.#receive(String(message.data), token));
    socket.addEventListener('close', () => this.#closed());
  }

  #receive(text: string, token: string | undefined): void {
    // Main wrote it: the page's own origin, admitted by the token. Main parses what we send it.
    const frame = JSON.parse(text) as ServerFrame;
    if ('entered' in frame) {
      this.#door.keep(frame.entered.session);
      this.#attempt = 0;
      this.#become('open');
    } else if ('refused' in frame) {
      // An old address opened again in a tab that is already admitted.
      const another = token !== undefined && this.#door.session() !== undefined;
      if (another) return;
      this.#door.forget();
      this.#become('refused');
    } else if ('event' in frame) {
      for (const listen of this.#listeners.get(frame.event) ?? []) listen(frame.payload);
    } else {
      const waiting = this.#waiting.get(frame.reply);
      this.#waiting.delete(frame.reply);
      if ('failed' in frame) waiting?.reject(new Error(frame.failed));
      else waiting?.resolve(frame.output);
    }
  }

  #closed(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error('the app went away'));
    this.#waiting.clear();
    if (this.state === 'refused') return;
    this.#become(this.state === 'entering' && this.#attempt === 0 ? 'entering' : 'lost');
    const wait = Math.min(LIMITS.reconnectMinMs * 2 ** this.#attempt, 5_000);
    this.#attempt += 1;
    this.#ports.after(wait, () => this.#connect());
  }

  #become(state: WireState): void {
    if (this.state === state) return;
    this.state = state;
    for (const watch of this.watchers) watch(state);
  }
}

function addTo<T>(set: Set<T>, one: T): () => void {
  set.add(one);
  return () => void set.delete(one);
}

/** `bridge.group.member`, for any names: main refuses those that the contract does not have. */
function bridgeOver(
  call: (name: string, input: unknown) => Promise<unknown>,
  on: (name: string, listen: Listen) => () => void,
): Bridge {
  const group = (name: string): object =>
    new Proxy(
      {},
      {
        get: (_, member) => {
          const full = `${name}.${String(member)}`;
          return full in EVENTS
            ? (listen: Listen) => on(full, listen)
            : (input: unknown) => call(full, input);
        },
      },
    );
  // The type is the contract's; names that it does not have cannot be written in TypeScript.
  return new Proxy({}, { get: (_, name) => group(String(name)) }) as Bridge;
}
