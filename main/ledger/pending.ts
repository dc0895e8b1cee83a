// What the log has and the tables beside it do not yet: the final state of everything that was touched since they last
// followed. Whoever asks sees it at once. Layers lie on each other: a batch's over what is committed, that over the tables.

import { invariant } from '../../shared/result.ts';
import type { StoredAnswer, StoredRequest } from './entry.ts';
import type { Effects } from './effects.ts';

export type ChainEnd = { readonly seq: number; readonly digest: string };
export type KeptNotice = { readonly what: string; readonly keyId: string };

export type Facts = {
  request(digest: string): StoredRequest | undefined;
  /** Oldest first. */
  openRequests(): readonly StoredRequest[];
  answer(principal: string, id: string): StoredAnswer | undefined;
  chain(keyId: string): ChainEnd | undefined;
  notices(request: string): readonly KeptNotice[];
};

export type PendingMessage = StoredAnswer & {
  readonly principal: string;
  readonly id: string;
  readonly at: number;
};
export type PendingNotice = KeptNotice & { readonly seq: number };

/** Where effects stand: at a leaf, or in a row of `kept`. */
export type Place = { readonly leaf: number } | { readonly kept: number };

export class Pending implements Facts {
  readonly requests = new Map<string, StoredRequest>();
  readonly chains = new Map<string, ChainEnd>();
  /** By principal and id. */
  readonly messages = new Map<string, PendingMessage>();
  /** By request. */
  readonly kept = new Map<string, readonly PendingNotice[]>();
  readonly #below: Facts;

  constructor(below: Facts) {
    this.#below = below;
  }

  request(digest: string): StoredRequest | undefined {
    return this.requests.get(digest) ?? this.#below.request(digest);
  }

  openRequests(): readonly StoredRequest[] {
    const below = this.#below.openRequests().filter(({ digest }) => !this.requests.has(digest));
    const own = [...this.requests.values()].filter(({ open }) => open);
    return [...below, ...own].sort((a, b) => a.index - b.index);
  }

  answer(principal: string, id: string): StoredAnswer | undefined {
    const own = this.messages.get(`${principal}/${id}`);
    return own ? { digest: own.digest, index: own.index } : this.#below.answer(principal, id);
  }

  chain(keyId: string): ChainEnd | undefined {
    return this.chains.get(keyId) ?? this.#below.chain(keyId);
  }

  notices(request: string): readonly KeptNotice[] {
    const own = this.kept.get(request) ?? [];
    return [...this.#below.notices(request), ...own.map(({ what, keyId }) => ({ what, keyId }))];
  }

  hasNotice({ request, what, keyId }: NonNullable<Effects['notice']>): boolean {
    return this.notices(request).some((one) => one.what === what && one.keyId === keyId);
  }

  /** One entry's. Throws where it is about a request that nobody has, or repeats what may be there once. */
  apply(place: Place, { opens, about, chain, notice, message }: Effects): void {
    const index = 'leaf' in place ? place.leaf : undefined;
    if (index !== undefined) {
      if (opens !== undefined) this.#open(opens.request, opens.guard, index);
      if (about !== undefined) this.#about(about.request, about.ends, index);
      if (chain !== undefined)
        this.chains.set(chain.keyId, { seq: chain.seq, digest: chain.digest });
    }
    if (notice !== undefined && 'kept' in place) this.#notice(notice, place.kept);
    if (message === undefined) return;
    const { principal, id, digest, at } = message;
    invariant(this.answer(principal, id) === undefined, 'a message has one effect');
    this.messages.set(`${principal}/${id}`, { principal, id, digest, index, at });
  }

  /** A batch's layer is committed: it becomes part of this one. */
  absorb(batch: Pending): void {
    for (const [digest, request] of batch.requests) this.requests.set(digest, request);
    for (const [keyId, chain] of batch.chains) this.chains.set(keyId, chain);
    for (const [key, message] of batch.messages) this.messages.set(key, message);
    for (const [request, notices] of batch.kept)
      this.kept.set(request, [...(this.kept.get(request) ?? []), ...notices]);
  }

  clear(): void {
    for (const map of [this.requests, this.chains, this.messages, this.kept]) map.clear();
  }

  #open(request: string, guard: string, index: number): void {
    invariant(this.request(request) === undefined, 'a request opens once');
    this.requests.set(request, { digest: request, index, guard, open: true, about: [] });
  }

  #about(request: string, ends: boolean, index: number): void {
    const before = this.request(request);
    invariant(before, 'a leaf is about a stored request');
    const open = before.open && !ends;
    this.requests.set(request, { ...before, open, about: [...before.about, index] });
  }

  #notice(notice: NonNullable<Effects['notice']>, seq: number): void {
    if (this.hasNotice(notice)) return;
    const { request, what, keyId } = notice;
    this.kept.set(request, [...(this.kept.get(request) ?? []), { what, keyId, seq }]);
  }
}
