// What every system is asked to do, alike: a request of 635 bytes goes to another process, which signs a decision about
// exactly these bytes; whoever asked checks that signature before it counts. And the two ways of asking: so many in flight, or
// arrivals at random whose time counts from when they should have begun.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';

export type Work = {
  readonly trips: number;
  readonly inFlight: number;
  /** Open loop: arrivals a second; `inFlight` does not count then. */
  readonly perSecond?: number;
};
export type Block = {
  readonly ms: readonly number[];
  readonly elapsedMs: number;
};

export type Trip = () => Promise<void>;

export async function runWork(trip: Trip, work: Work): Promise<Block> {
  return work.perSecond === undefined ? closedLoop(trip, work) : openLoop(trip, work);
}

async function closedLoop(trip: Trip, { trips, inFlight }: Work): Promise<Block> {
  const ms: number[] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < trips) {
      begun += 1;
      const from = performance.now();
      await trip();
      ms.push(performance.now() - from);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { ms, elapsedMs: performance.now() - from };
}

async function openLoop(trip: Trip, { trips, perSecond = 1 }: Work): Promise<Block> {
  const ms: number[] = [];
  const from = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0, due = from; n < trips; n += 1) {
    due += (-Math.log(1 - Math.random()) / perSecond) * 1000;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const intended = due;
    running.push(trip().then(() => void ms.push(performance.now() - intended)));
  }
  await Promise.all(running);
  return { ms, elapsedMs: performance.now() - from };
}

/** Base64 of DER: what the approver signs with, and what the requester knows of it. */
export type Keys = { readonly pkcs8: string; readonly spki: string };

export function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    spki: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

const REQUEST_BYTES = 635;
type Decision = { id: string; digest: string; verdict: string; sig: string };

/** The approver's part: the text of a request to the text of a decision. */
export function signsWith({ pkcs8 }: Keys): (request: string) => string {
  const key = createPrivateKey({
    key: Buffer.from(pkcs8, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  return (request) => {
    const { id } = JSON.parse(request) as { id: string };
    const digest = hash('sha256', request, 'hex');
    const sig = sign(null, Buffer.from(`${id} ${digest} approve`), key).toString('base64');
    return JSON.stringify({ id, digest, verdict: 'approve', sig } satisfies Decision);
  };
}

export type Requester = {
  readonly trip: Trip;
  readonly heard: (decision: string) => void;
};

/** The requester's part. A decision that is not about the request, or not signed, is thrown: it ends the run. */
export function requesterOver({ spki }: Keys, send: (request: string) => void): Requester {
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  const waiting = new Map<string, { readonly digest: string; readonly done: () => void }>();
  return {
    trip: () =>
      new Promise((resolve) => {
        const id = randomUUID();
        const request = requestText(id);
        waiting.set(id, { digest: hash('sha256', request, 'hex'), done: resolve });
        send(request);
      }),
    heard: (text) => {
      const { id, digest, verdict, sig } = JSON.parse(text) as Decision;
      const one = waiting.get(id);
      const signed = Buffer.from(`${id} ${digest} ${verdict}`);
      const fits = one?.digest === digest && verify(null, signed, key, Buffer.from(sig, 'base64'));
      if (one === undefined || !fits) throw new Error(`a decision that does not fit: ${text}`);
      waiting.delete(id);
      one.done();
    },
  };
}

function requestText(id: string): string {
  const bare = JSON.stringify({ id, argv: ['pg_dump', '--target', 'db-7'], reason: '' });
  return `${bare.slice(0, -2)}${'r'.repeat(REQUEST_BYTES - bare.length)}"}`;
}
