// From the pin to today's roots: every step is signed by the roots before it, and nothing else moves trust.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepRoots, openFromPin } from '../../../main/state/root-trail.ts';
import { generateKeyPair, type KeyPair } from '../../../main/trust/ed25519.ts';
import { sealMany } from '../../../main/trust/envelope.ts';
import {
  type HeldKeyring,
  openFirstKeyring,
  openNextKeyring,
} from '../../../main/trust/keyring.ts';
import { toB64 } from '../../../shared/bytes.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { makeOrg } from '../../kit/wire-world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-trail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rowOf = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });
const sign = (keyring: Keyring, by: readonly KeyPair[]): Uint8Array =>
  sealMany(payloadTypeOf('keyring'), encodeStatement('keyring', keyring), by);

type Chain = { readonly org: ReturnType<typeof makeOrg>; readonly held: readonly HeldKeyring[] };

/** Version 1, then one version for each replacement: signed by the roots before it and its own. */
function chain(...replacements: readonly (readonly KeyPair[])[]): Chain {
  const org = makeOrg();
  const first = openFirstKeyring(org.envelope, org.keyring);
  if (!first.ok) throw new Error(first.code);
  const held = [first.value];
  let signers: readonly KeyPair[] = [org.root];
  for (const pairs of replacements) {
    const before = held.at(-1);
    if (before === undefined) throw new Error('version 1');
    const keyring: Keyring = {
      ...before.keyring,
      version: before.keyring.version + 1,
      prevSha256: before.sha256,
      roots: pairs.map(rowOf),
      threshold: pairs.length,
    };
    const next = openNextKeyring(before, sign(keyring, [...new Set([...signers, ...pairs])]));
    if (!next.ok) throw new Error(next.code);
    expect(keepRoots(folder, before.keyring, next.value).ok).toBe(true);
    held.push(next.value);
    signers = pairs;
  }
  return { org, held };
}

const opens = ({ org }: Chain, one: HeldKeyring | undefined): number | string => {
  const opened = openFromPin(folder, org.keyring, one?.envelope ?? new Uint8Array());
  return opened.ok ? opened.value.keyring.version : opened.code;
};

describe('a keyring opens from the pin', () => {
  test('after the roots were replaced twice', () => {
    const a = generateKeyPair();
    const [b, c] = [generateKeyPair(), generateKeyPair()];
    const made = chain([a], [b, c]);
    expect(opens(made, made.held[2])).toBe(3);
  });

  test('also one from before a replacement that was written and never came into force', () => {
    const made = chain([generateKeyPair()]);
    expect(opens(made, made.held[0])).toBe(1);
  });

  test('where a version in between kept its roots', () => {
    const a = generateKeyPair();
    const made = chain([a], [a], [generateKeyPair()]);
    expect(opens(made, made.held[3])).toBe(4);
  });
});

describe('a keyring does not open', () => {
  test('where the old roots alone signed it after they were replaced', () => {
    const made = chain([generateKeyPair()]);
    const [, second] = made.held;
    if (second === undefined) throw new Error('version 2');
    const { keyring } = made.held[0] ?? second;
    const forged = { ...keyring, version: 3, prevSha256: second.sha256 };
    const stale = openFirstKeyring(sign(forged, [made.org.root]), made.org.keyring);
    if (!stale.ok) throw new Error('it is signed by the pin');
    expect(opens(made, stale.value)).toBe('keyringThreshold');
  });

  test('where a step is not signed by the roots before it', () => {
    const made = chain([generateKeyPair()]);
    const stranger = generateKeyPair();
    const { keyring } = made.held[1] ?? { keyring: made.org.keyring };
    const forged = sign({ ...keyring, version: 3, roots: [rowOf(stranger)] }, [stranger]);
    writeFileSync(join(folder, 'roots.3'), forged, { mode: 0o600 });
    expect(opens(made, made.held[1])).toBe('keyringThreshold');
  });

  test('where a step calls itself another version', () => {
    const made = chain([generateKeyPair()]);
    writeFileSync(join(folder, 'roots.7'), made.held[1]?.envelope ?? '', { mode: 0o600 });
    expect(opens(made, made.held[1])).not.toBe(2);
  });
});
