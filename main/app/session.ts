// The app once its keyring exists: link, copy of the log, desk and decisions, wired together. Nothing here shows as done
// before the log has it: a decision is `sending` until its own leaf comes back.

import { fromUtf8, utf8 } from '../../shared/bytes.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import type { Change, LogState, RequestSummary } from '../../shared/ipc/snapshot.ts';
import type { Notice } from '../../shared/statement/followups.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import type { CallCode } from '../link/calls.ts';
import { type Link, type LinkState, openLink } from '../link/link.ts';
import type { Endpoint } from '../link/handshake.ts';
import { readEndpoint } from '../state/endpoint.ts';
import type { Home } from '../state/home.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { seal } from '../trust/envelope.ts';
import { type Checkpoint, openCheckpoint } from '../trust/checkpoint.ts';
import { readFork } from '../trust/fork.ts';
import { findKey, type HeldKeyring, type KeyHit } from '../trust/keyring.ts';
import { parseVkey } from '../trust/vkey.ts';
import { witnessName } from '../trust/witness.ts';
import { notMine, READ_ONLY, TOLD } from './alarm-file.ts';
import { openAlarms } from './alarms.ts';
import type { Standing } from './can.ts';
import { type DeskEntry, openDesk, type Desk } from './desk.ts';
import { type GrantWatch, openGrantWatch } from './grant-watch.ts';
import { witnessesOf } from './head-names.ts';
import { KEPT_ENDED, openInbox, reopenLeaf } from './inbox.ts';
import type { KeyringFile } from './keyring-file.ts';
import type { Keys } from './keys.ts';
import type { OpenedLeaf } from './open-leaf.ts';
import { deliverOwn, ownDecisionKey, typeOf, verdictOf } from './own-statements.ts';
import {
  type Clock,
  type Journal,
  NEVER_PUT,
  type Store,
  type StoredDecision,
  type Timers,
} from './ports.ts';
import { openParents, type Parents } from './parents.ts';
import { onCallState, openWhereabouts, type Routing, type Whereabouts } from './on-call.ts';
import { openPolicyCheck } from './policies.ts';
import { openReplica, type RaiseAlarm, type Replica } from './replica.ts';
import type { AppState } from './state.ts';
import { summarise } from './summary.ts';
import { linkValue } from './link-value.ts';
import { openTurn } from './turn.ts';
import { openWitness, type Witness } from './witness.ts';

export type SessionPorts = {
  readonly home: Home;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly store: Store;
  readonly journal: Journal;
  readonly version: string;
  readonly keys: Keys;
  readonly keyrings: KeyringFile;
  readonly sessionKey: KeyPair;
  /** Absent where this device has none: it then vouches for no head. */
  readonly witnessKey: KeyPair | undefined;
  readonly state: AppState;
  /** The keyring names another log from now on: this session is over. */
  readonly logEnded: () => void;
};

export type Session = {
  readonly me: KeyHit;
  readonly desk: Desk;
  readonly replica: Replica;
  readonly keyring: () => HeldKeyring;
  readonly link: Link;
  /** What the keyring pins, opened. */
  readonly shelf: Shelf;
  readonly parents: Parents;
  readonly standing: () => Standing;
  readonly summaryOf: (entry: DeskEntry) => RequestSummary;
  /** Rows of these requests, or of all, are computed again. */
  readonly refresh: (digests?: readonly string[]) => void;
  readonly alarm: RaiseAlarm;
  readonly deliver: (decision: StoredDecision) => void;
  /** Resolves with the broker's word: undefined once it is in the log, 'closed' where that is not known yet. */
  readonly deliverErasure: (erasure: StoredDecision) => Promise<CallCode | undefined>;
  /** What may be done again unasked, by this copy of the log. */
  readonly grants: Pick<GrantWatch, 'book' | 'deliver'>;
  readonly say: (digest: string, what: Notice['what']) => void;
  /** Who is on call, by the broker's word; undefined where it has no rota. */
  readonly routing: () => Routing | undefined;
  readonly whereabouts: Pick<Whereabouts, 'away' | 'surface'>;
  /** Runs what signs one after the other. */
  readonly oneAtATime: <T>(act: () => Promise<T>) => Promise<T>;
  readonly stop: () => void;
};

export async function openSession(ports: SessionPorts): Promise<Session> {
  const { keyrings, state, clock, store } = ports;
  const me = ownDecisionKey(keyrings.held(), ports.sessionKey);
  const desk = openDesk();
  const policies = openPolicyCheck(openPolicyFiles(ports.home));
  let cancelTick: (() => void) | undefined;
  let witness: Witness | undefined;
  let routing: Routing | undefined;
  const whereabouts = openWhereabouts(() => link);

  const { vkey } = keyrings.held().keyring.log;
  const alarms = openAlarms({
    ...ports,
    me,
    vkey,
    link: () => link,
    own: () => replica.checkpoint(),
    raised: () => {
      witness?.stop();
      state.change({ what: 'log', value: logState() });
      refresh();
    },
  });
  const raiseAlarm: RaiseAlarm = alarms.raise;
  const storeFailed = (): void => raiseAlarm('copyBroken', 'the store failed');
  const replica = await openReplica({
    store,
    vkey,
    alarm: raiseAlarm,
    now: clock.now,
    verified: (checkpoint) => witness?.saw(checkpoint),
    witnesses: (size) => witnessesOf(keyrings.held(), size),
  });
  const inbox = openInbox({
    replica,
    desk,
    keyring: keyrings.held,
    offerKeyring: (envelope) => offerKeyring(envelope),
    keyringBefore: store.keyringBefore,
    alarm: raiseAlarm,
    onCall: (now) => {
      routing = now;
      state.change({ what: 'onCall', value: onCallState(now, me.id, keyrings.held().keyring) });
      refresh();
    },
    fork: (text) => {
      const fork = readFork(text, keyrings.held().keyring.log.vkey);
      if (fork.ok) raiseAlarm('otherHistory', TOLD, { notes: [], fork: fork.value });
    },
    touched: (digests, leaves) => {
      settleLogged(leaves);
      refresh(digests);
      grants.took(leaves);
      for (const leaf of leaves)
        if (leaf.type === 'request') say(leaf.leaf.payloadSha256, 'delivered');
    },
    gone: (digests) =>
      state.change(...digests.map((digest) => ({ what: 'requestGone', digest }) as Change)),
    logMoved: () => state.change({ what: 'log', value: logState() }),
    got: (cursor) => link.tell('got', { cursor }),
  });

  const logState = (): LogState => {
    const checkpoint = replica.checkpoint();
    const at = new Date(clock.now()).toISOString();
    const alarm = alarms.now();
    return {
      size: replica.size(),
      ...(checkpoint ? { checkpoint: { size: checkpoint.size, at } } : {}),
      ...(alarm ? { alarm } : {}),
    };
  };
  const parents = openParents({
    desk,
    store,
    keyring: keyrings.held,
    known: (digest) => refresh([digest]),
    failed: storeFailed,
  });
  const standing = (): Standing => ({
    parents,
    unlocked: ports.keys.decision() !== undefined,
    provable: ports.keys.vault()?.passphrase ?? true,
    online: link.state().kind === 'online',
    alarmed: alarms.now() !== undefined,
    proven: inbox.proven(),
    keyring: keyrings.held(),
    policies,
    me: findKey(keyrings.held(), me.key.keyId) ?? me,
    now: clock.now(),
  });
  const grants = openGrantWatch({
    ...ports,
    keyring: keyrings.held,
    me: () => standing().me,
    link: () => chained,
    failed: storeFailed,
  });
  const refresh = (digests?: readonly string[]): void => {
    const entries = digests
      ? [...new Set(digests)].map(desk.get).filter((entry) => entry !== undefined)
      : desk.all();
    const now = standing();
    state.change(
      ...entries.map((entry) => ({ what: 'request', value: summarise(entry, now) }) as const),
    );
    planTick();
  };
  /** Approve goes off by itself when a request expires, without a word from the broker. */
  const planTick = (): void => {
    cancelTick?.();
    const now = clock.now();
    const ends = desk
      .all()
      .filter((entry) => entry.life.stage === 'open')
      .map((entry) => Date.parse(entry.request.createdAt) + entry.request.ttlMs)
      .filter((at) => at > now);
    cancelTick =
      ends.length === 0
        ? undefined
        : ports.timers.after(Math.min(...ends) - now + 1, () => refresh());
  };
  const offerKeyring = (envelope: Uint8Array): void => {
    const offered = keyrings.offer(envelope);
    if (!offered.ok) return;
    if (keyrings.held().keyring.log.vkey === vkey) {
      refresh();
      grants.show();
      fetchPolicies();
    }
    // A new epoch: nothing of this session's log goes on in it.
    else ports.logEnded();
  };
  /** Until they are here, what was asked under them cannot be approved. */
  const fetchPolicies = (): void =>
    void policies.fetch(link, keyrings.held()).then((came) => {
      if (came) refresh();
    });
  const settleLogged = (leaves: readonly OpenedLeaf[]): void => {
    for (const { index, type, keyId, signature, leaf } of leaves)
      if (
        (type === 'decision' || type === 'erasure' || type === 'grant' || type === 'grantEnd') &&
        keyId === me.key.keyId &&
        signature === 'verified'
      )
        // The store rejects a decision that it was never given: see security note 5.7 and 5.11.
        store.settleDecision(leaf.payloadSha256, 'logged', undefined).catch((error: unknown) => {
          // A store that failed says nothing about who made it.
          if (error instanceof Error && error.message.includes(NEVER_PUT))
            raiseAlarm('wentBackwards', notMine(type, index), { notes: [], key: keyId });
          else storeFailed();
        });
  };
  /** One chain, one order: what is put off by a busy broker must not be overtaken by the next of its chain. */
  const inOrder = openTurn();
  const chained: Pick<Link, 'send'> = { send: (...one) => inOrder(() => link.send(...one)) };
  const deliver = (decision: StoredDecision): void => {
    if (desk.patch(decision.request, { sending: verdictOf(decision) })) refresh([decision.request]);
    void chained
      .send('decision', { envelope: fromUtf8(decision.envelope) }, { id: decision.messageId })
      .then(async (answer) => {
        if (answer.ok || answer.code === 'closed') return;
        if (answer.code === 'readOnly') raiseAlarm('readOnly', READ_ONLY);
        await store.settleDecision(decision.sha256, 'refused', answer.code);
        ports.journal.note(`decision refused: ${answer.code}: ${WIRE_CODES[answer.code].says}`);
        if (desk.patch(decision.request, { sending: undefined })) refresh([decision.request]);
      })
      .catch((error: unknown) =>
        raiseAlarm('copyBroken', error instanceof Error ? error.message : 'the store failed'),
      );
  };
  const deliverErasure: Session['deliverErasure'] = (erasure) =>
    deliverOwn({ link: chained, store }, 'erasure', erasure);
  const said = new Set<string>();
  const say = (digest: string, what: Notice['what']): void => {
    const once = `${digest} ${what}`;
    if (said.has(once) || desk.get(digest)?.life.stage !== 'open') return;
    said.add(once);
    const notice: Notice = {
      request: digest,
      what,
      by: { id: me.id, keyId: ports.sessionKey.keyId, device: me.device },
      at: new Date(clock.now()).toISOString(),
    };
    const envelope = seal(
      payloadTypeOf('notice'),
      encodeStatement('notice', notice),
      ports.sessionKey,
    );
    void link.send('notice', { envelope: fromUtf8(envelope) });
  };
  /** The broker's newest head at login is at least every head that it ever showed. */
  const compareHeads = (own: Checkpoint, note: string): void => {
    const vkey = parseVkey(keyrings.held().keyring.log.vkey);
    const shown = vkey.ok ? openCheckpoint(note, vkey.value) : undefined;
    if (!shown?.ok || shown.value.size >= own.size) {
      witness?.saw(own);
      return;
    }
    void link.send('ahead', { note: own.note });
    const says = `the broker's log has ${shown.value.size} entries, and this machine has verified ${own.size}: the newest are missing there`;
    raiseAlarm('logCut', says, { notes: [own.note, note] });
  };
  const onState = (now: LinkState): void => {
    if (now.kind === 'online') {
      for (const envelope of now.session.keyrings) offerKeyring(utf8(envelope));
      link.tell('follow', { cursor: replica.size() });
      whereabouts.again();
      fetchPolicies();
      inbox.take({ t: 'checkpoint', body: { note: now.session.checkpoint } });
      const head = replica.checkpoint();
      if (head !== undefined) compareHeads(head, now.session.checkpoint);
    }
    state.change({ what: 'link', value: linkValue(now, clock.now()) });
    refresh();
  };

  await loadDesk(store, desk, keyrings.held());
  const link = openLink({
    role: 'reviewer',
    sessionKey: ports.sessionKey,
    endpoint: async (): Promise<Endpoint | undefined> => {
      const endpoint = readEndpoint(ports.home);
      return endpoint.ok ? endpoint.value : undefined;
    },
    keyring: keyrings.held,
    version: ports.version,
    clock,
    timers: ports.timers,
    random: ports.random,
    onMessage: (message) => {
      // What it sends meanwhile is still looked at: two signed heads are worth more than its word.
      if (message.t === 'refused' && message.body.code === 'readOnly')
        raiseAlarm('readOnly', READ_ONLY);
      inbox.take(message);
    },
    onState,
  });
  if (ports.witnessKey !== undefined)
    witness = openWitness({
      ...ports,
      link,
      key: ports.witnessKey,
      name: witnessName(keyrings.held().keyring.org, me),
    });
  alarms.begin();
  state.change({ what: 'log', value: logState() });
  refresh();
  for (const one of await store.unsettledDecisions()) {
    const type = typeOf(one);
    if (type === 'erasure') deliverErasure(one).catch(storeFailed);
    else if (type === 'grant' || type === 'grantEnd') grants.deliver(type, one).catch(storeFailed);
    else deliver(one);
  }
  grants.start();

  return {
    me,
    desk,
    replica,
    keyring: keyrings.held,
    link,
    shelf: policies.shelf,
    parents,
    standing,
    summaryOf: (entry) => summarise(entry, standing()),
    refresh,
    alarm: raiseAlarm,
    deliver,
    deliverErasure,
    grants,
    say,
    routing: () => routing,
    whereabouts,
    oneAtATime: openTurn(),
    stop: () => {
      cancelTick?.();
      grants.stop();
      witness?.stop();
      link.stop();
    },
  };
}

async function loadDesk(store: Store, desk: Desk, keyring: HeldKeyring): Promise<void> {
  for (const digest of await store.desk(KEPT_ENDED)) {
    for (const stored of await store.ofRequest(digest)) {
      const opened = reopenLeaf(stored, keyring);
      if (opened) desk.take(opened, stored.payload, keyring);
    }
    // Until the broker says otherwise, nobody knows whether the guard is there.
    desk.patch(digest, { guardState: 'gone' });
  }
}
