// One app per home, by bound sockets alone. Each candidate listens under a name of its own, and only then looks at the
// others: of two at once, at least one sees the other. The lower name gives way to the higher; a higher one that is still
// undecided is waited for. A name is removed only after its socket refused, and a candidate whose name was removed gives
// way, so no live socket is ever taken for a dead one. No pid file: a pid is somebody else's tomorrow.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { toHex } from '../../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import type { Timers } from '../../app/ports.ts';
import { errorCode } from '../../state/errno.ts';
import type { RandomBytes } from '../../trust/digest.ts';
import type { Place } from './place.ts';
import { HELLO, waitForHello } from './hello.ts';

export type Claim = {
  /** Called for each peer from now on, and for those that have come since the claim was settled. */
  readonly serve: (take: (peer: Socket) => void) => void;
  /** Frees the name and ends every peer. Idempotent. */
  readonly close: () => Promise<void>;
};

export type Claimed =
  | { readonly first: Claim }
  /** Another app answered; its hello has been read. */
  | { readonly second: Socket };

export type Ports = { readonly timers: Timers; readonly random: RandomBytes };

const NAME = /^instance-[0-9a-f]{8}\.sock$/;
const ROUNDS = 20;
const SILENT = 'Countersign is running, but does not answer: stop it and start again';

/** 'busy': the others neither answer nor go away. 'io': the socket can't be bound. */
export async function claimInstance(
  place: Place,
  ports: Ports,
): Promise<Result<Claimed, 'busy' | 'io'>> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const second = await findInstance(place, ports);
    if (second === 'silent') return fail('busy', SILENT);
    if (second !== 'none') return ok({ second });
    const bound =
      place.kind === 'folder' ? await candidate(place.path, ports) : await pipe(place.name);
    if (!bound.ok || bound.value !== undefined) {
      return bound.ok && bound.value ? ok({ first: bound.value }) : fail('io', sentence(bound));
    }
  }
  return fail('busy', 'another Countersign of this user is starting or stopping: try again');
}

/** A connection to the app that runs, once it has said hello. 'silent': something holds the name and does not answer. */
export async function findInstance(
  place: Place,
  { timers }: Pick<Ports, 'timers'>,
): Promise<Socket | 'none' | 'silent'> {
  let silent = false;
  const addresses =
    place.kind === 'pipe' ? [place.name] : names(place.path).map((name) => join(place.path, name));
  for (const address of addresses) {
    const peer = await dial(address);
    if (typeof peer === 'string') continue;
    const heard = await waitForHello(peer, timers);
    if (heard === 'hello') return peer;
    silent ||= heard === 'silent';
  }
  return silent ? 'silent' : 'none';
}

/** Undefined: gave way to another. */
async function candidate(folder: string, { timers, random }: Ports): Promise<Bound> {
  const name = `instance-${toHex(random(4))}.sock`;
  const listening = await listen(join(folder, name));
  if (!listening.ok) return listening;
  const { server, claim, settle } = listening.value;
  const giveWay = async (): Promise<Bound> => {
    await claim.close();
    return ok(undefined);
  };
  if (!isThere(join(folder, name))) return giveWay();
  const dead: string[] = [];
  for (const other of names(folder)) {
    if (other === name) continue;
    const peer = await dial(join(folder, other));
    if (peer === 'refused') dead.push(other);
    if (typeof peer === 'string') continue;
    const gives = name < other || (await waitForHello(peer, timers)) !== 'closed';
    peer.destroy();
    if (gives) return giveWay();
  }
  invariant(server.listening, 'the claim is still held');
  settle();
  for (const other of dead) rmSync(join(folder, other), { force: true });
  return ok(claim);
}

/** The OS gives a pipe name to one process alone and frees it when that ends. */
async function pipe(name: string): Promise<Bound> {
  const listening = await listen(name);
  if (!listening.ok) return listening.code === 'taken' ? ok(undefined) : listening;
  listening.value.settle();
  return ok(listening.value.claim);
}

type Bound = Result<Claim | undefined, 'taken' | 'io'>;
type Listening = { readonly server: Server; readonly claim: Claim; readonly settle: () => void };

function listen(address: string): Promise<Result<Listening, 'taken' | 'io'>> {
  const peers = new Set<Socket>();
  let take: ((peer: Socket) => void) | undefined;
  let settled = false;
  const server = createServer((peer) => {
    peers.add(peer);
    peer.on('error', () => {}).once('close', () => peers.delete(peer));
    if (settled) peer.write(HELLO);
    take?.(peer);
  });
  const claim: Claim = {
    serve: (next) => {
      take = next;
      for (const peer of peers) next(peer);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const peer of peers) peer.destroy();
      }),
  };
  const settle = (): void => {
    settled = true;
    for (const peer of peers) peer.write(HELLO);
  };
  return new Promise((resolve) => {
    server.once('error', (error) =>
      resolve(
        errorCode(error) === 'EADDRINUSE'
          ? fail('taken')
          : fail('io', `${address} can't be bound (${errorCode(error)})`),
      ),
    );
    server.listen(address, () => resolve(ok({ server, claim, settle })));
  });
}

/** A name that is gone is as good as a dead one, but needs no removal. */
function dial(address: string): Promise<Socket | 'refused' | 'gone'> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket));
    socket.on('error', (error) =>
      resolve(errorCode(error) === 'ECONNREFUSED' ? 'refused' : 'gone'),
    );
  });
}

const names = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted();

const isThere = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isSocket() === true;

const sentence = (bound: Bound): string =>
  (bound.ok ? undefined : bound.detail) ?? 'the instance socket is taken';
