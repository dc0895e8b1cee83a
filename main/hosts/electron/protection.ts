// What protects the decision and root keys of this machine, in words, for whoever reads the start's output. It says what was
// found and never more: a store that keeps nothing from others is not called one.

import type { Vault } from '../../app/ports.ts';
import { lookAtVault } from '../../app/vault-keys.ts';
import type { Home } from '../../state/home.ts';

export async function protectionOf(
  home: Pick<Home, 'app'>,
  vault: Vault | undefined,
): Promise<string> {
  const { keeps, name, wrappedBy, trouble } = await lookAtVault(home, vault);
  if (keeps)
    return `in the computer's key store (${wrappedBy ?? 'unreadable'})${trouble ? `: ${trouble}` : ''}`;
  return name === undefined ? 'passphrase' : `passphrase; the computer's key store is ${name}`;
}
