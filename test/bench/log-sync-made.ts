// The log of log-sync: stories of a request that are signed by their guard and their reviewer, appended to the product's own
// ledger under heads that decisions and receipts embed, and sent by the broker's own follower: its frames, byte for byte.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, toB64, utf8 } from '../../shared/bytes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import { invariant } from '../../shared/result.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import type { Receipt } from '../../shared/statement/followups.ts';
import type { Request } from '../../shared/statement/request.ts';
import { Follower } from '../../main/broker/follow.ts';
import type { Peer } from '../../main/broker/peer.ts';
import type { Entry } from '../../main/ledger/entry.ts';
import { type Ledger, openLedger } from '../../main/ledger/ledger.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { type HeldKeyring, openFirstKeyring } from '../../main/trust/keyring.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import {
  decisionBy,
  endingBy,
  makeOrg,
  type Org,
  requestBy,
  type Signed,
  signed,
} from '../kit/wire-world.ts';
import { entriesOf } from './log-browse-rows.ts';
import { SEED } from './made-log.ts';
import { RealTime } from './ours-request.ts';

export type SentLog = {
  readonly size: number;
  /** As they came off the socket: `leaves` frames in order. */
  readonly frames: readonly Buffer[];
  /** The newest head: an app hears of it at its login, before any leaf. */
  readonly note: string;
  readonly held: HeldKeyring;
  readonly org: Org;
};

/** Stories between two heads: about a frame of leaves. */
const STORIES = 16;
const MAX_ENVELOPE = 256 * 1024;

/** Four entries a request (request, decision, ending, receipt); one in ten is seen by nobody, and has two. */
export function makeSentLog(folder: string, entries: number): SentLog {
  const org = makeOrg();
  const held = openFirstKeyring(org.envelope, org.keyring);
  const path = join(folder, 'made.sqlite');
  const opened = openLedger(path, org.vkey);
  invariant(held.ok && opened.ok, 'an organisation and a log that were made for the bench');
  const ledger = opened.value;
  fill(ledger, org, entries);
  const frames = framesOf(ledger);
  const made = { size: ledger.size, frames, note: ledger.head?.note ?? '', held: held.value, org };
  ledger.close();
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  return made;
}

function fill(ledger: Ledger, org: Org, entries: number): void {
  const story = openStories(org);
  let batch: Entry[] = [];
  let stories = 0;
  let note = '';
  const flush = (): void => {
    const appended = ledger.append(batch, org.broker.log);
    invariant(appended.ok, 'there is room on the disk');
    note = ledger.head?.note ?? '';
    batch = [];
  };
  // Two entries each is the fewest that a story has.
  for (const { row, leaves } of entriesOf(entries, SEED)) {
    // Its first leaf is a request with its text.
    const like = JSON.parse(fromUtf8(leaves[0]?.payload ?? new Uint8Array())) as Request;
    for (const one of story(like, row.decision !== undefined, note))
      if (ledger.size + batch.length < entries) batch.push(entryOf(one));
    stories += 1;
    if (stories % STORIES === 0) flush();
    if (ledger.size >= entries) return;
  }
  if (batch.length > 0) flush();
}

function openStories({ alice, guard }: Org) {
  const time = new RealTime();
  let chain = { seq: 1, prev: NO_DECISION as string };
  return (like: Request, decided: boolean, note: string): Signed[] => {
    const { action, agent, reason, createdAt } = like;
    const asked = requestBy(guard, time, { action, agent, reason, createdAt });
    if (!decided || note === '') {
      const ending = endingBy(guard, time, asked.sha256, { how: 'expiredUnseen' });
      return [asked, ending];
    }
    const checkpoint = toB64(utf8(note));
    const decision = decisionBy(alice, time, asked.sha256, { chain, checkpoint });
    chain = { seq: chain.seq + 1, prev: decision.sha256 };
    const decisions = [decision.sha256];
    const receipt: Receipt = {
      request: asked.sha256,
      decisions,
      state: 'finished',
      guard: { id: guard.id, keyId: guard.guard.keyId },
      exit: { code: 0 },
      checkpoint,
      at: time.iso(),
    };
    return [
      asked,
      decision,
      endingBy(guard, time, asked.sha256, { how: 'approved', decisions }),
      signed('receipt', receipt, guard.guard),
    ];
  };
}

function entryOf({ envelope, sha256 }: Signed): Entry {
  const parsed = parseEnvelope(utf8(envelope), MAX_ENVELOPE);
  invariant(parsed.ok, 'an envelope that was sealed here');
  const { payload } = parsed.value;
  return { leaf: { leaf: leafOf(parsed.value), payload, payloadSha256: sha256 } };
}

/** What the broker's follower sends to a reviewer who may see everything and stores it at once. */
function framesOf(ledger: Ledger): readonly Buffer[] {
  const frames: Buffer[] = [];
  let upTo = 0;
  const peer = {
    isOpen: true,
    buffered: 0,
    send: (message: AnyServerMessage) => {
      if (message.t !== 'leaves') return;
      frames.push(Buffer.from(encodeMessage(message)));
      upTo = message.body.from + message.body.entries.length;
    },
    hangUp: () => {},
    after: () => () => {},
  };
  // What a follower uses of its connection, and nothing behind it.
  const follower = new Follower(peer as unknown as Peer, 0, {
    ledger,
    maySee: () => true,
    noteOf: ({ note }) => note,
  });
  follower.pump();
  while (upTo < ledger.size) follower.got(upTo);
  return frames;
}
