// With whose keys the log was checked. Total over the contract's kinds and uses.

import type { CheckedSigner } from '../../shared/ipc/history.ts';

export const SIGNERS = {
  title: 'Keys whose signatures were checked',
  whose: 'Whose key',
  key: 'Key',
  signatures: 'Signatures',
  entries: 'Entries',
  none: 'No signature was checked.',
  use: (kind: string, use: string): string => `${kind}, ${use}`,
  on: (kind: string, device: string): string => `${kind} on ${device}`,
  range: (from: string, to: string): string => (from === to ? from : `${from} to ${to}`),
} as const;

export const SIGNER_KIND: { readonly [K in CheckedSigner['kind']]: string } = {
  reviewer: 'Reviewer',
  guard: 'Guard',
  broker: 'Broker',
  channel: 'Channel',
  root: 'Root keys',
};

export const KEY_USE: { readonly [U in NonNullable<CheckedSigner['use']>]: string } = {
  decision: 'decision key',
  session: 'session key',
  witness: 'witness key',
  guard: 'guard key',
  log: 'log key',
};
