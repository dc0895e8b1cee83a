// E3, quicker: a process that verifies much fetches libsodium, once, and asks it from then on if it proves itself. Missing,
// broken or wrong: the runtime goes on, and nobody is told. No verdict depends on which of the two is asked, because
// E1 and E2 leave nothing that they judge differently; `test/unit/trust/verifiers-agree.test.ts` shows it.

import { judgesAsItMust } from './self-test.ts';

type Verify<Key> = (key: Key, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** What is used of libsodium: the key as its bare 32 bytes. */
export type Sodium = {
  crypto_sign_verify_detached(sig: Uint8Array, bytes: Uint8Array, raw: Uint8Array): boolean;
};

export type Parts<Key> = {
  readonly runtime: Verify<Key>;
  /** The bare 32 bytes of a key. */
  readonly raw: (key: Key) => Uint8Array;
  /** Called once at most; may throw or reject. */
  readonly load: () => Promise<Sodium>;
  /** How many verifications come first. */
  readonly after: number;
};

export type FastVerifier<Key> = {
  /** Never throws where `runtime` does not. */
  readonly verify: Verify<Key>;
  /** Who is asked once loading has ended; open until it has begun. */
  readonly settled: Promise<'sodium' | 'runtime'>;
};

export function makeVerifier<Key>({ runtime, raw, load, after }: Parts<Key>): FastVerifier<Key> {
  let count = 0;
  let sodium: Sodium | undefined;
  let tell: (who: 'sodium' | 'runtime') => void = () => {};
  const settled = new Promise<'sodium' | 'runtime'>((resolve) => {
    tell = resolve;
  });

  const start = async (): Promise<void> => {
    sodium = await proven(load);
    tell(sodium === undefined ? 'runtime' : 'sodium');
  };

  const verify: Verify<Key> = (key, bytes, signature) => {
    count += 1;
    if (count === after) void start();
    if (sodium === undefined) return runtime(key, bytes, signature);
    try {
      return sodium.crypto_sign_verify_detached(signature, bytes, raw(key));
    } catch {
      // It met what it had not met in its self-test. Its next answer is worth no more: never asked again.
      sodium = undefined;
      return runtime(key, bytes, signature);
    }
  };

  return { verify, settled };
}

/** An optional package: that it is not there is one of its ordinary states. */
async function proven(load: () => Promise<Sodium>): Promise<Sodium | undefined> {
  try {
    const sodium = await load();
    const sound = judgesAsItMust((key, bytes, signature) =>
      sodium.crypto_sign_verify_detached(signature, bytes, key),
    );
    return sound ? sodium : undefined;
  } catch {
    return undefined;
  }
}
