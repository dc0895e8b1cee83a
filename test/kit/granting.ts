// What tests of grants stand on: one real command that can be run again and again as the same action, terms made from a real
// request, and statements that people really sign.

import { closeSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { toB64, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import type { Grant, GrantEnd, GrantTerms } from '../../shared/statement/grant.ts';
import type { Request } from '../../shared/statement/request.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { TERMS_RENDERER, termsBytes } from '../../shared/statement/terms-text.ts';
import { ambientOfProcess } from '../../main/guard/exec/ambient.ts';
import { measureWorld, releaseWorld, type World } from '../../main/guard/exec/world.ts';
import { type RunEnd, type RunEvent, type RunPorts, runHeld } from '../../main/guard/run.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import type { Home } from '../../main/state/home.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { seal } from '../../main/trust/envelope.ts';
import type { GuardWorld, Person } from './guard-world.ts';
import { EventEmitter } from 'node:events';

const HOUR_MS = 3_600_000;

export const digestOf = (value: object): string => sha256Hex(encodeCj(value as Cj));

/** Exactly the same again, three times within an hour; `change` has the last word. */
export const termsOf = (
  request: Request,
  now: number,
  change: Partial<GrantTerms> = {},
): GrantTerms => ({
  org: request.org,
  log: request.log,
  guard: request.guard.id,
  agent: request.agent.id,
  onBehalfOf: request.agent.onBehalfOf,
  policy: request.policy.sha256,
  tier: 'medium',
  actions: { same: digestOf(request.action) },
  uses: 3,
  from: new Date(now).toISOString(),
  until: new Date(now + HOUR_MS).toISOString(),
  ...change,
});

export type Granting = {
  readonly who: Person;
  readonly keyring: GuardWorld['keyring'];
  /** The newest head that this person has verified. */
  readonly note: string;
  readonly now: number;
  readonly chain?: { readonly seq: number; readonly prev: string };
};

export function grantOf(
  request: string,
  terms: GrantTerms,
  { who, keyring, note, now, chain }: Granting,
): Grant {
  return {
    request,
    terms,
    reviewer: {
      id: who.id,
      keyId: who.decision.keyId,
      device: who.device,
      ...(chain ?? { seq: 1, prev: NO_DECISION }),
    },
    view: { renderer: TERMS_RENDERER, sha256: sha256Hex(termsBytes(terms)) },
    keyring: { version: keyring.version, sha256: digestOf(keyring) },
    checkpoint: toB64(utf8(note)),
    presence: 'click',
    issuedAt: new Date(now).toISOString(),
  };
}

export function grantEndOf(
  request: string,
  terms: GrantTerms,
  { who, now, chain }: Pick<Granting, 'who' | 'now' | 'chain'>,
): GrantEnd {
  const key = { id: who.id, keyId: who.decision.keyId, device: who.device };
  return {
    request,
    terms: digestOf(terms),
    reviewer: { ...key, ...(chain ?? { seq: 1, prev: NO_DECISION }) },
    at: new Date(now).toISOString(),
  };
}

export const sealGrant = (grant: Grant, pair: KeyPair): Uint8Array =>
  seal(payloadTypeOf('grant'), encodeStatement('grant', grant), pair);
export const sealGrantEnd = (end: GrantEnd, pair: KeyPair): Uint8Array =>
  seal(payloadTypeOf('grantEnd'), encodeStatement('grantEnd', end), pair);

/** `touch made` in one folder: the same action each time it is measured. */
export type Repeated = {
  readonly run: (more?: {
    readonly agent?: string;
    readonly onBehalfOf?: string;
    readonly reachMs?: number;
    readonly ttlMs?: number;
    readonly ports?: Partial<RunPorts>;
    readonly on?: (event: RunEvent) => void;
    readonly file?: string;
  }) => Promise<{ readonly end: RunEnd; readonly events: readonly RunEvent[] }>;
};

export function repeated(world: GuardWorld): Repeated {
  const folder = mkdtempSync(join(world.home.root, 'work-'));
  return {
    run: async (more = {}) => {
      const nothing = openSync('/dev/null', 'r');
      const measured = await measure(world.home, folder, more.file ?? 'made', nothing);
      const events: RunEvent[] = [];
      try {
        const end = await runHeld(
          measured,
          {
            agent: {
              id: more.agent ?? 'claude',
              session: 's1',
              onBehalfOf: more.onBehalfOf ?? 'carol',
              authn: 'declared',
            },
            mode: 'run',
            reason: 'nightly export',
            narrative: '',
            trigger: '',
            ttlMs: more.ttlMs ?? 20_000,
          },
          {
            home: world.home,
            identity: world.identity,
            clock: systemClock,
            timers: systemTimers,
            random: systemRandom,
            version: 'test',
            tell: (event) => {
              events.push(event);
              more.on?.(event);
            },
            start: { self: process, terminal: false, stdout: 1, stderr: 2 },
            // An emitter is what of a process is used here: nobody signals the test's own.
            self: new EventEmitter() as unknown as RunPorts['self'],
            reachMs: more.reachMs ?? 10_000,
            ...more.ports,
          },
        );
        return { end, events };
      } finally {
        await releaseWorld(measured);
        closeSync(nothing);
      }
    },
  };
}

async function measure(home: Home, folder: string, file: string, nothing: number): Promise<World> {
  const scratch = join(home.guard, 'scratch');
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const world = await measureWorld({
    argv: ['touch', file],
    passes: { shown: [], secrets: [] },
    inputs: [],
    stdin: { fd: nothing, choice: 'nothing' },
    strict: false,
    secretKey: new Uint8Array(32).fill(7),
    scratch,
    platform: process.platform,
    ambient: () => ({
      ...ambientOfProcess(process),
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: folder,
    }),
  });
  invariant(world.ok, 'the command can be measured');
  return world.value;
}
