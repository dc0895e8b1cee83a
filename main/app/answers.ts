// The total map of the contract's calls to what answers them. Each is short: it gathers, asks the part that owns the
// matter, and returns values only.

import type { Answers } from '../../shared/ipc/contract.ts';
import { fail, ok } from '../../shared/result.ts';
import { toB64 } from '../trust/base64.ts';
import { openAttachments } from './attachments.ts';
import type { Attending } from './attention/attend.ts';
import type { Standing } from './can.ts';
import type { AppPorts } from './compose.ts';
import type { DeskEntry } from './desk.ts';
import { findEntry as findIn } from './find-entry.ts';
import { eraseTexts, isErased } from './make-erasure.ts';
import { buildGrantAnswers } from './make-grant.ts';
import { openGestures } from './gestures.ts';
import { buildHistoryAnswers, reviewerName, withName } from './history-answers.ts';
import { cardHistory } from './history-context.ts';
import { explainCard } from './explain.ts';
import type { Joining } from './joining.ts';
import type { Keys } from './keys.ts';
import { lock, openByVault, setUpSolo, unlock } from './keys-answers.ts';
import { decide } from './make-decision.ts';
import type { Session } from './session.ts';
import type { AppState } from './state.ts';
import { openTurn } from './turn.ts';

export type AnswerPorts = {
  readonly ports: AppPorts;
  readonly keys: Keys;
  readonly state: AppState;
  readonly session: () => Session | undefined;
  readonly attention: Pick<Attending, 'answers'>;
  readonly joining: Pick<Joining, 'answers'>;
  /** Starts the rest of the app once the keys exist. */
  readonly open: () => Promise<void>;
};

export function buildAnswers(by: AnswerPorts): Answers {
  const { ports, state } = by;
  const gestures = openGestures();
  const oneAtATime = openTurn();
  const attachments = openAttachments(by.session);
  const joining = by.joining.answers;
  const monotonic = ports.clock.monotonic;

  return {
    app: { snapshot: async () => state.snapshot() },
    ...by.attention.answers,
    setup: {
      // Page and terminal ask at the same time: the second to answer finds the keys made.
      solo: (input) => oneAtATime(() => setUpSolo(by, input)),
      join: (input) => oneAtATime(() => joining.join(input)),
      confirmRoots: ({ yes }) => oneAtATime(() => joining.confirmRoots(yes)),
      askAgain: async () => {
        joining.askAgain();
        return {};
      },
      stopJoining: () => oneAtATime(() => joining.stopJoining()),
      suggestion: async () => ({ ...suggestPerson(ports.account), home: ports.home.root }),
    },
    key: {
      unlock: ({ passphrase }) =>
        passphrase === undefined ? openByVault(by) : unlock(by, passphrase),
      lock: async () => {
        lock(by);
        return {};
      },
    },
    request: {
      open: async ({ digest }) => {
        const session = by.session();
        const entry = session && (await findEntry(session, ports, digest));
        if (!session || !entry)
          return fail((await isErased(ports.store, digest)) ? 'erased' : 'unknownRequest');
        session.say(digest, 'opened');
        return ok({
          summary: session.summaryOf(entry),
          payload: toB64(entry.payload),
          attachments: entry.request.attachments.map(({ sha256, size }) => ({ sha256, size })),
          verified: isVerified(entry, session.standing()),
          ...(await parentOf(session, entry)),
        });
      },
      attachment: async ({ digest, sha256 }) => {
        const session = by.session();
        const entry = session && (await findEntry(session, ports, digest));
        if (!entry) return fail('unknownRequest');
        const bytes = await attachments.one(entry, sha256);
        return bytes.ok ? ok({ bytes: toB64(bytes.value) }) : fail('unavailable', bytes.detail);
      },
      explain: async ({ digest }) => {
        const session = by.session();
        const entry = session && (await findEntry(session, ports, digest));
        if (!session || !entry) return fail('unknownRequest');
        return explainCard(entry, session.keyring(), session.shelf, ports.clock.now());
      },
      history: async ({ digest }) => {
        const session = by.session();
        const entry = session && (await findEntry(session, ports, digest));
        if (!session || !entry) return fail('unknownRequest');
        const nameOf = (id: string): string => reviewerName(session.keyring().keyring, id);
        return ok(await cardHistory(ports.store, entry, (row) => withName(row, nameOf)));
      },
      gesture: async ({ digest, what }, { caller }) => {
        gestures.feed(caller, digest, what, monotonic());
        return {};
      },
      // Stamped before anything is awaited: a slow disk must not make a click look considered.
      decide: (input, caller) =>
        decide({ ...by, gestures, attachments }, input, caller, monotonic()),
      erase: (input) => eraseTexts(by, input),
    },
    grant: buildGrantAnswers(by, (session, digest) => findEntry(session, ports, digest)),
    history: buildHistoryAnswers({
      ...by,
      find: (session, digest) => findEntry(session, ports, digest),
      attachment: async (digest, sha256) => {
        const session = by.session();
        const entry = session && (await findEntry(session, ports, digest));
        const bytes = entry && (await attachments.one(entry, sha256));
        return bytes?.ok ? bytes.value : undefined;
      },
    }),
  };
}

/** Of a changed request: what its parent is, and its bytes where they are here. */
async function parentOf(session: Session, entry: DeskEntry) {
  const { parent: digest } = entry.request;
  if (digest === undefined) return {};
  const { state, parent } = await session.parents.look(entry);
  const payload = parent === undefined ? {} : { payload: toB64(parent.payload) };
  return {
    parent: {
      digest,
      state: state === 'fits' || state === 'unread' ? state : ('other' as const),
      ...payload,
    },
  };
}

/** Where its policy is not here, the card says so by another sentence than that it is false. */
const isVerified = (entry: DeskEntry, { proven, policies, keyring }: Standing): boolean =>
  entry.signed && entry.index < proven && policies.check(entry, keyring) !== 'other';

const findEntry = (session: Session, { store }: Pick<AppPorts, 'store'>, digest: string) =>
  findIn(session.desk, session.keyring(), store, digest);

function suggestPerson(account: string): { id: string; name: string } {
  const id = account.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'me';
  return { id, name: account || id };
}
