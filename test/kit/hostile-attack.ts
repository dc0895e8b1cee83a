// What an attack is: how the broker behaves, and how the guard must end; and the words that several of them share.

import { toB64 } from '../../shared/bytes.ts';
import type { RefusalCode } from '../../shared/domain/refusals.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { RunEnd } from '../../main/guard/run.ts';
import type { Keys } from './guard-world.ts';
import { passOn, type Signing, type Strategy } from './hostile-broker.ts';

export type Attack = Strategy & {
  readonly name: string;
  readonly ends: Partial<RunEnd>;
  readonly keyring?: (keyring: Keyring, keys: Keys) => Keyring;
  readonly ttlMs?: number;
  readonly reachMs?: number;
};

export const refusedAs = (code: RefusalCode): Partial<RunEnd> => ({ how: 'refused', code });

export const wrongHash = toB64(new Uint8Array(32).fill(9));

export const iso = (ms: number): string => new Date(ms).toISOString();

export const swap = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);

export const changed =
  (change: Signing['change']): Strategy['onRequest'] =>
  (scene) =>
    passOn(scene, change ? { change } : {});
