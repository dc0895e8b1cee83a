// A connection to a message bus: authenticated as this user, with names of its own, calls out and calls in. Small, and for
// tests: what it does not understand it refuses with an error, as the specification says.

import { connect, type Socket } from 'node:net';
import { Reader, typesOf, Writer } from './bus-wire.ts';

export type BusCall = {
  readonly sender: string;
  readonly path: string;
  readonly member: string;
  readonly interface: string;
  readonly body: readonly unknown[];
};
export type Reply = { readonly signature: string; readonly body: readonly unknown[] };
/** Undefined: no such method here. */
export type Answer = (call: BusCall) => Reply | undefined;

export type Bus = {
  readonly ownName: (name: string) => Promise<void>;
  readonly call: (
    to: { destination: string; path: string; interface: string; member: string },
    signature: string,
    body: readonly unknown[],
  ) => Promise<readonly unknown[]>;
  readonly emit: (
    from: { path: string; interface: string; member: string },
    signature: string,
    body: readonly unknown[],
  ) => void;
  readonly close: () => void;
};

const CALL = 1;
const RETURN = 2;
const ERROR = 3;
const SIGNAL = 4;
const DBUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

type Fields = ReadonlyMap<number, unknown>;
type Waiting = {
  readonly resolve: (body: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
};

export async function openBus(socketPath: string, answer: Answer): Promise<Bus> {
  const socket = connect(socketPath);
  await authenticate(socket);
  const line = new Line(socket, answer);
  const call: Bus['call'] = (to, signature, body) => line.call(to, signature, body);
  await call({ ...DBUS, member: 'Hello' }, '', []);
  return {
    call,
    ownName: async (name) => void (await call({ ...DBUS, member: 'RequestName' }, 'su', [name, 4])),
    emit: (from, signature, body) =>
      line.send(
        SIGNAL,
        [
          [1, 'o', from.path],
          [2, 's', from.interface],
          [3, 's', from.member],
        ],
        signature,
        body,
      ),
    close: () => socket.destroy(),
  };
}

function authenticate(socket: Socket): Promise<void> {
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`\0AUTH EXTERNAL ${uid}\r\n`));
    socket.once('data', (said) => {
      if (!said.toString('latin1').startsWith('OK ')) return reject(new Error(String(said)));
      socket.write('BEGIN\r\n');
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve();
    });
  });
}

class Line {
  readonly #socket: Socket;
  readonly #answer: Answer;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #read = Buffer.alloc(0);

  constructor(socket: Socket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('data', (chunk: Buffer) => {
      this.#read = Buffer.concat([this.#read, chunk]);
      for (;;) {
        const size = messageSize(this.#read);
        if (size === undefined || this.#read.length < size) return;
        const message = this.#read.subarray(0, size);
        this.#read = this.#read.subarray(size);
        this.#take(message);
      }
    });
  }

  call(
    to: { destination: string; path: string; interface: string; member: string },
    signature: string,
    body: readonly unknown[],
  ): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      const serial = this.send(
        CALL,
        [
          [1, 'o', to.path],
          [2, 's', to.interface],
          [3, 's', to.member],
          [6, 's', to.destination],
        ],
        signature,
        body,
      );
      this.#waiting.set(serial, { resolve, reject });
    });
  }

  send(
    kind: number,
    fields: readonly (readonly [number, string, unknown])[],
    signature: string,
    body: readonly unknown[],
  ): number {
    this.#serial += 1;
    const inside = new Writer();
    for (const [i, type] of typesOf(signature).entries()) inside.put(type, body[i]);
    const all = signature === '' ? fields : [...fields, [8, 'g', signature] as const];
    const head = new Writer();
    head.put('y', 'l'.charCodeAt(0));
    head.put('y', kind);
    head.put('y', 0);
    head.put('y', 1);
    head.u32(inside.bytes().length);
    head.u32(this.#serial);
    head.put(
      'a(yv)',
      all.map(([code, type, value]) => [code, { type, value }]),
    );
    head.align(8);
    this.#socket.write(Buffer.concat([head.bytes(), inside.bytes()]));
    return this.#serial;
  }

  #take(message: Buffer): void {
    const kind = message.readUInt8(1);
    const head = new Reader(message, 12);
    const pairs = head.get('a(yv)') as readonly [number, { value: unknown }][];
    const fields: Fields = new Map(pairs.map(([code, { value }]) => [code, value]));
    head.align(8);
    // Alignment counts from the start of the body, which is at a multiple of 8.
    const reader = new Reader(message, head.at);
    const body = typesOf(textOf(fields.get(8))).map((type) => reader.get(type));
    if (kind === CALL) this.#called(message, fields, body);
    if (kind !== RETURN && kind !== ERROR) return;
    const serial = Number(fields.get(5));
    const waiting = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    if (kind === RETURN) waiting?.resolve(body);
    else waiting?.reject(new Error(`${String(fields.get(4))}: ${String(body[0])}`));
  }

  #called(message: Buffer, fields: Fields, body: readonly unknown[]): void {
    const text = (code: number): string => textOf(fields.get(code));
    const to = [5, 'u', message.readUInt32LE(8)] as const;
    const back = [6, 's', text(7)] as const;
    const reply = this.#answer({
      sender: text(7),
      path: text(1),
      interface: text(2),
      member: text(3),
      body,
    });
    if (reply !== undefined) {
      this.send(RETURN, [to, back], reply.signature, reply.body);
    } else {
      const unknown = 'org.freedesktop.DBus.Error.UnknownMethod';
      this.send(ERROR, [to, back, [4, 's', unknown]], 's', ['no such method']);
    }
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function messageSize(bytes: Buffer): number | undefined {
  if (bytes.length < 16) return undefined;
  const fields = 16 + bytes.readUInt32LE(12);
  return fields + ((8 - (fields % 8)) % 8) + bytes.readUInt32LE(4);
}
