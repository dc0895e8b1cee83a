// What travels between the app and its store's process: numbered calls one way, their answers the other, bytes as bytes
// (structured clone). Both ends are this program, so frames are types, not schemas.

import type { Store } from '../ports.ts';

/** Total: a method that the port gains does not compile before it is listed. */
const LISTED: { readonly [M in keyof Store]: true } = {
  useLog: true,
  load: true,
  append: true,
  putNote: true,
  read: true,
  newest: true,
  ofRequest: true,
  keyringBefore: true,
  erasedBy: true,
  desk: true,
  nextDecision: true,
  putDecision: true,
  settleDecision: true,
  unsettledDecisions: true,
  search: true,
  values: true,
  tally: true,
  savedViews: true,
  putSavedView: true,
  removeSavedView: true,
  erase: true,
  close: true,
};
export type Method = keyof Store;
// Object.keys of a literal of exactly these keys.
export const METHODS = Object.keys(LISTED) as readonly Method[];

/** The first frame to it, once it says that it is there: what a start's arguments must not carry. */
export type OpenStore = { readonly open: { readonly key: Uint8Array | undefined } };

export type ToStore = {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
};

/** `ready` asks for `OpenStore`; the next says whether the file opened; a `sentence` is for a person. */
export type FromStore =
  | { readonly ready: true }
  | { readonly opened: true; readonly mended?: string }
  | { readonly refused: string; readonly sentence: string }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };
