// `guard/pin.json`: the guard's only root of trust, written once, by the first start. Nothing a broker, an environment
// variable or a project's folder says replaces it; later roots come by the keyring's own chain.

import { join } from 'node:path';
import * as z from 'zod';
import { fromB64 } from '../../shared/bytes.ts';
import { fail, type Result } from '../../shared/result.ts';
import { Count, Id, KeyId, line, Origin, Spki } from '../../shared/statement/fields.ts';
import { publicKeyFromSpki } from '../trust/ed25519.ts';
import { parseVkey } from '../trust/vkey.ts';
import { publishExclusive } from './atomic-file.ts';
import type { Home } from './home.ts';
import { type JsonFileCode, jsonBytes, readJsonFile } from './json-file.ts';

export const Pin = z
  .strictObject({
    v: z.literal(1),
    org: Id,
    log: z.strictObject({ origin: Origin, vkey: line(400) }),
    roots: z
      .array(z.strictObject({ keyId: KeyId, spki: Spki }))
      .min(1)
      .max(16),
    threshold: Count.min(1).max(16),
    /** Which guard this is. Absent on a machine that only reviews. */
    guard: z.strictObject({ id: Id, host: line(253), agents: z.array(Id).max(64) }).optional(),
  })
  .refine((pin) => pin.threshold <= pin.roots.length, 'the threshold is more than there are roots')
  .refine((pin) => new Set(pin.roots.map((r) => r.keyId)).size === pin.roots.length, 'a root twice')
  .refine((pin) => pin.roots.every(isRoot), 'a root key is not acceptable')
  .refine((pin) => isVkeyOf(pin.log), "the log's verifier key is not acceptable");
export type Pin = z.infer<typeof Pin>;

export const pinPath = (home: Pick<Home, 'guard'>): string => join(home.guard, 'pin.json');

export const readPin = (home: Pick<Home, 'guard'>): Result<Pin, JsonFileCode> =>
  readJsonFile(pinPath(home), Pin);

/** 'exists' where there is a pin already, whatever it says. Throws on a pin that its own schema refuses. */
export function writePin(home: Pick<Home, 'guard'>, pin: Pin): Result<'created', 'exists' | 'io'> {
  const written = publishExclusive(pinPath(home), jsonBytes(Pin.parse(pin)));
  if (!written.ok && written.code === 'exists') {
    return fail('exists', `${pinPath(home)} is there already: a pin is written once`);
  }
  return written;
}

function isRoot(root: { readonly keyId: string; readonly spki: string }): boolean {
  const spki = fromB64(root.spki);
  const key = spki && publicKeyFromSpki(spki);
  return key?.ok === true && key.value.keyId === root.keyId;
}

function isVkeyOf(log: { readonly origin: string; readonly vkey: string }): boolean {
  const vkey = parseVkey(log.vkey);
  return vkey.ok && vkey.value.name === log.origin;
}
