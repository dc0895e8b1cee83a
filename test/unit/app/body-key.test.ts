import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataKeyPath, openDataKey } from '../../../main/app/body-key.ts';
import type { Vault } from '../../../main/app/ports.ts';
import type { VaultName } from '../../../shared/ipc/snapshot.ts';
import { fail, ok } from '../../../shared/result.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { emptyHome } from './solo-home.ts';

/** Keeps what it wraps turned over, under the name of a store; it can be away, weak, or refuse. */
function storeCalled(name: VaultName) {
  const turn = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x5a);
  const state = { away: false, weak: false, refuses: false, stale: false, wrapped: 0 };
  const vault: Vault = {
    available: async () => {
      if (state.weak) return fail('weak');
      return state.away ? fail('unavailable') : ok(name);
    },
    wrap: async (secret) => {
      state.wrapped += 1;
      return ok(turn(secret));
    },
    unwrap: async (wrapped) =>
      state.refuses ? fail('refused') : ok({ secret: turn(wrapped), stale: state.stale }),
  };
  return { vault, state };
}

let home: ReturnType<typeof emptyHome>;
let store: ReturnType<typeof storeCalled>;
beforeEach(() => {
  home = emptyHome();
  store = storeCalled('gnome_libsecret');
});
afterEach(() => home[Symbol.dispose]());
const open = (vault: Vault | undefined = store.vault) => openDataKey(home, vault, systemRandom);

describe('the key to the texts of a copy', () => {
  test('is made once, and is the same at every later start', async () => {
    const first = await open();
    expect(first.ok && first.value).toHaveLength(32);
    expect(await open()).toEqual(first);
    expect(store.state.wrapped).toBe(1);
  });

  test('is none where there is no key store, or one that keeps nothing, and nothing is written', async () => {
    expect(await openDataKey(home, undefined, systemRandom)).toEqual(ok(undefined));
    store.state.weak = true;
    expect(await open()).toEqual(ok(undefined));
    store.state.weak = false;
    store.state.away = true;
    expect(await open()).toEqual(ok(undefined));
    expect(existsSync(dataKeyPath(home))).toBe(false);
  });

  test.each([
    ['away', 'unavailable'],
    ['weak', 'weak'],
  ] as const)(
    'is waited for in one sentence while its store is %s, never made anew',
    async (how, code) => {
      const first = await open();
      store.state[how] = true;
      const now = await open();
      expect(now).toMatchObject({ ok: false, code });
      expect(now.ok ? '' : now.detail).not.toMatch(/\n/);
      store.state[how] = false;
      expect(await open()).toEqual(first);
    },
  );

  test('is waited for where this way of running reaches no key store', async () => {
    await open();
    expect(await openDataKey(home, undefined, systemRandom)).toMatchObject({ code: 'none' });
  });

  test('is made anew where its store refuses it, is another one, or the file is damaged', async () => {
    const first = await open();
    store.state.refuses = true;
    const second = await open();
    expect(second.ok && second.value).toHaveLength(32);
    expect(second).not.toEqual(first);
    store.state.refuses = false;
    const third = await open(storeCalled('kwallet6').vault);
    expect(third).not.toEqual(second);
    writeFileSync(dataKeyPath(home), '{}', { mode: 0o600 });
    expect(await open()).toMatchObject({ ok: true });
  });

  test('is wrapped again where the store asks for it', async () => {
    const first = await open();
    store.state.stale = true;
    expect(await open()).toEqual(first);
    expect(store.state.wrapped).toBe(2);
  });
});
