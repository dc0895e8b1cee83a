// What is written beside the log in the very transaction of its leaf, because it is rare and asked for in other ways:
// keyrings, grants and their uses, which attachments a request names, and what an erasure takes away.

import { sha256Hex, plain } from '../trust/digest.ts';
import { blob } from './blob.ts';
import type { Writer } from './database.ts';
import type { Entry } from './entry.ts';
import type { Facts } from './pending.ts';

export class Beside {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(writer: Writer) {
    this.#statements = prepare(writer);
  }

  /** Inside the transaction of the leaf at `index`; `facts` know it already. */
  write({ opens, keyring, erases, grant, uses = [] }: Entry, index: number, facts: Facts): void {
    const to = this.#statements;
    for (const sha256 of opens?.attachments ?? []) {
      to.use.run(opens?.guard, blob(sha256));
      to.uses.run(opens?.guard, blob(sha256), blob(opens?.request ?? ''));
    }
    if (keyring !== undefined) to.keyring.run(keyring.version, index);
    if (erases !== undefined) this.#erase(erases, facts);
    if (grant !== undefined) {
      const { terms, guard, agent, until, ends } = grant;
      to.grant.run(index, blob(terms), guard, agent, until, ends ? 1 : 0);
    }
    for (const { terms, use } of uses) to.grantUse.run(blob(terms), use);
  }

  #erase({ request, payloads }: NonNullable<Entry['erases']>, facts: Facts): void {
    const to = this.#statements;
    const stored = facts.request(request);
    for (const index of stored ? [stored.index, ...stored.about] : []) {
      const text = to.text.get(index)?.payload;
      if (text && payloads.includes(sha256Hex(plain(text)))) to.erase.run(index);
    }
    if (!payloads.includes(request)) return;
    const used = to.usedBy.all(blob(request));
    to.unuse.run(blob(request));
    for (const { owner, sha256 } of used) {
      if (to.usesOf.get(owner, sha256) !== undefined) continue;
      to.dropChunks.run(owner, sha256);
      to.drop.run(owner, sha256);
    }
  }
}

function prepare(writer: Writer) {
  return {
    keyring: writer.prepare('insert into keyrings values (?, ?)'),
    grant: writer.prepare('insert into grants values (?, ?, ?, ?, ?, ?)'),
    grantUse: writer.prepare('insert into grant_uses values (?, ?)'),
    use: writer.prepare('update attachments set used = 1 where owner = ? and sha256 = ?'),
    uses: writer.prepare('insert into uses values (?, ?, ?) on conflict do nothing'),
    text: writer.prepare<[number], { payload: Buffer }>('select payload from leaves where idx = ?'),
    // As many zeroes as there were bytes, and a flag that takes none: SQLite then overwrites the row where it stands.
    erase: writer.prepare<[number]>(
      'update leaves set erased = 1, payload = zeroblob(length(payload)) where idx = ?',
    ),
    usedBy: writer.prepare<[Uint8Array], { owner: string; sha256: Buffer }>(
      'select owner, sha256 from uses where request = ?',
    ),
    usesOf: writer.prepare<[string, Uint8Array]>(
      'select 1 from uses where owner = ? and sha256 = ? limit 1',
    ),
    unuse: writer.prepare('delete from uses where request = ?'),
    dropChunks: writer.prepare('delete from chunks where owner = ? and sha256 = ?'),
    drop: writer.prepare('delete from attachments where owner = ? and sha256 = ?'),
  };
}
