// What happened, read from this machine's own copy: a page of the log, the story of one request with every signature
// and its check, and the whole log checked again from the first leaf to the newest checkpoint.

import { toHex } from '../../shared/bytes.ts';
import type { LogRow } from '../../shared/ipc/story.ts';
import type { Presence } from '../../shared/statement/decision.ts';
import type { AskReason } from '../../shared/statement/escalation.ts';
import type { EndingHow } from '../../shared/statement/followups.ts';
import { decodeStatement, type Statement } from '../../shared/statement/statement.ts';
import {
  actionOf,
  differing,
  diffActions,
  diffRequests,
} from '../../shared/statement/diff/action.ts';
import type { DiffLine } from '../../shared/statement/diff/lines.ts';
import type { Members } from '../../shared/statement/view/part.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { Frontier } from '../trust/frontier.ts';
import { findKey, type HeldKeyring } from '../trust/keyring.ts';
import { leafHash } from '../trust/merkle.ts';
import { sameBytes } from '../../shared/bytes.ts';
import { toB64 } from '../trust/base64.ts';
import { countSigners } from './history-signers.ts';
import { parseLeaf } from '../trust/leaf.ts';
import { erasedNotes } from './erasures.ts';
import { openErasedCount } from './history-erased.ts';
import { requestOf, timeOf } from './inbox.ts';
import { type OpenedLeaf, openLeaf, type Spoken } from './open-leaf.ts';
import type { Store, StoredLeaf } from './ports.ts';
import type { Replica } from './replica.ts';
import { exitText, shown } from './summary.ts';

/** Between two reads other calls are answered: a few milliseconds of hashing and checking. */
const READ_AT_ONCE = 200;
const MAX_PROBLEMS = 100;
/** Entries behind a denial among which the request that it proposed is looked for. */
const CHILD_WITHIN = 500;

export async function historyPage(
  store: Store,
  keyring: HeldKeyring,
  before: number | undefined,
  limit: number,
): Promise<{ rows: LogRow[]; next?: number }> {
  const leaves = await store.newest(before, limit);
  const notes = await erasedNotes(store, keyring, payloadsWithout(leaves));
  const rows = leaves.map((stored) => logRow(stored, keyring, notes));
  const last = leaves.at(-1)?.index;
  return last === undefined || last === 0 ? { rows } : { rows, next: last };
}

/** Payload digests of the leaves whose text is not here. */
function payloadsWithout(leaves: readonly StoredLeaf[]): readonly string[] {
  return leaves.flatMap(({ leaf, payload }) => {
    const read = payload === undefined ? parseLeaf(leaf) : undefined;
    return read?.ok ? [read.value.payloadSha256] : [];
  });
}

const NO_NOTES: ReadonlyMap<string, string> = new Map();

function logRow(
  stored: StoredLeaf,
  keyring: HeldKeyring,
  notes: ReadonlyMap<string, string>,
): LogRow {
  const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
  const row = { index: stored.index, type: stored.type };
  if (!opened.ok)
    return { ...row, title: stored.type, says: `cannot be read: ${opened.code}`, who: '' };
  const at = timeOf(opened.value);
  const request = requestOf(opened.value);
  return {
    ...row,
    ...(at ? { at } : {}),
    ...(request ? { request } : {}),
    title:
      opened.value.spoken?.type === 'request'
        ? headline(opened.value.spoken.says).title
        : stored.type,
    says: saysOf(opened.value, notes),
    who: whoOf(opened.value),
  };
}

export const whoOf = (opened: OpenedLeaf): string =>
  opened.signer?.name ?? (opened.type === 'keyring' ? 'root keys' : opened.keyId.slice(0, 12));

/** One plain line; whatever an agent or a person wrote in it is escaped. */
export function saysOf(opened: OpenedLeaf, notes = NO_NOTES): string {
  const { spoken } = opened;
  if (spoken === undefined)
    return notes.get(opened.leaf.payloadSha256) ?? 'its text is not kept here';
  return opened.signature === 'verified'
    ? lineOf(spoken)
    : `SIGNATURE ${opened.signature}: ${lineOf(spoken)}`;
}

const HOW: { readonly [P in Presence]: string } = {
  channel: 'through a channel',
  notification: 'from a notification',
  click: 'with one click',
  hold: 'by press and hold',
  typed: 'by typing its name',
  terminal: 'in a terminal',
  passphrase: 'with the passphrase',
  os: 'with the system’s presence check',
  securityKey: 'with a security key',
};

const ENDED: { readonly [E in EndingHow]: string } = {
  approved: 'approved',
  approvedWithChanges: 'approved with changes',
  denied: 'denied',
  expiredUnseen: 'expired, seen by nobody',
  expiredSeen: 'expired, seen and not decided',
  withdrawn: 'withdrawn',
};

function lineOf(spoken: Spoken): string {
  switch (spoken.type) {
    case 'request':
      return `${spoken.says.agent.id} for ${spoken.says.agent.onBehalfOf}: ${shown(spoken.says.reason) || 'no reason given'}${parentLine(spoken.says.parent)}`;
    case 'decision': {
      const why = spoken.says.reason === undefined ? '' : `: ${shown(spoken.says.reason)}`;
      const instead = spoken.says.changes === undefined ? '' : ', proposing something else';
      return `${spoken.says.verdict === 'approve' ? 'approved' : 'denied'} ${HOW[spoken.says.presence]}${instead}${why}`;
    }
    case 'notice':
      return NOTICED[spoken.says.what];
    case 'ending':
      return `ended: ${ENDED[spoken.says.how]}`;
    case 'receipt':
      return receiptLine(spoken.says);
    case 'auto':
      return autoLine(spoken.says);
    case 'erasure': {
      const { what, reason } = spoken.says;
      const texts = what.length === 1 ? 'one text' : `${what.length} texts`;
      return `erased ${texts} of it: ${shown(reason)}`;
    }
    case 'escalation':
      return escalationLine(spoken.says);
    case 'grant':
      return grantLine(spoken.says);
    case 'grantEnd': {
      const why = spoken.says.reason === undefined ? '' : `: ${shown(spoken.says.reason)}`;
      return `ended the grant ${spoken.says.terms.slice(0, 12)}${why}`;
    }
    case 'keyring':
      return `version ${spoken.says.version}, until ${spoken.says.expires}${spoken.says.solo ? ', solo' : ''}`;
    case 'login':
    case 'welcome':
      return spoken.type;
  }
}

function grantLine({ terms, presence, reason }: Statement<'grant'>): string {
  const { agent, onBehalfOf, actions, uses, perHour, until } = terms;
  const what = 'same' in actions ? 'exactly this again' : `again where ${shown(actions.when)}`;
  const often = `${uses === 1 ? 'once' : `${uses} times`}${perHour === undefined ? '' : `, at most ${perHour} an hour`}`;
  const why = reason === undefined ? '' : `: ${shown(reason)}`;
  return `allowed ${HOW[presence]} ${what}, for ${agent} for ${onBehalfOf}, ${often}, until ${until}${why}`;
}

const parentLine = (parent: string | undefined): string =>
  parent === undefined ? '' : ` (changes request ${parent.slice(0, 12)})`;

/** Nobody was asked: how much ran and how much was refused, and by which rules. */
function autoLine({ entries }: Statement<'auto'>): string {
  const used = entries.flatMap(({ grant }) => (grant === undefined ? [] : [grant]));
  if (used.length === entries.length) {
    const numbers = used.map(({ use, terms }) => `use ${use} of grant ${terms.slice(0, 12)}`);
    return `granted before, nobody was asked now: ${numbers.join(', ')}`;
  }
  const allowed = entries.filter(({ outcome }) => outcome === 'allow').length;
  const rules = [...new Set(entries.flatMap(({ policy }) => policy.rules))].sort();
  const counts = [
    ...(allowed > 0 ? [`${allowed} allowed`] : []),
    ...(allowed < entries.length ? [`${entries.length - allowed} forbidden`] : []),
  ];
  return `policy, nobody was asked: ${counts.join(', ')} (${rules.join(', ')})`;
}

const NOTICED: { readonly [N in Statement<'notice'>['what']]: string } = {
  delivered: 'delivered',
  shown: 'shown',
  opened: 'opened',
  handedOver: 'left it to the others',
  snoozed: 'wants quiet for now',
  chatDenied: 'denied in a chat',
};

const ASKED: { readonly [R in AskReason]: string } = {
  onCall: 'on call',
  gap: 'fewer people are on call than it takes',
  unseen: 'those asked before had not seen it in time',
  offline: 'who was asked before is offline',
  away: 'who was asked before is away',
  handedOver: 'who was asked before has left it to the others',
  snoozed: 'who was asked before wants quiet',
  everyone: 'the rota has nobody for them',
};

const escalationLine = ({ step, asked, why }: Statement<'escalation'>): string =>
  `step ${step}: asks ${asked.join(', ')}: ${ASKED[why]}`;

function receiptLine(receipt: Statement<'receipt'>): string {
  const exit = exitText(receipt);
  return exit === undefined ? receipt.state : `${receipt.state} ${exit}`;
}

export async function storySteps(store: Store, keyring: HeldKeyring, digest: string) {
  const leaves = await store.ofRequest(digest);
  const notes = await erasedNotes(store, keyring, payloadsWithout(leaves));
  const parent = await payloadOf(store, parentOf(leaves[0]));
  return leaves.flatMap((stored) => {
    const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
    if (!opened.ok) return [];
    const at = timeOf(opened.value);
    return [
      {
        index: stored.index,
        type: stored.type,
        ...(at ? { at } : {}),
        signer: whoOf(opened.value),
        keyId: opened.value.keyId,
        signature: opened.value.signature,
        says: saysOf(opened.value, notes),
        ...(stored.payload ? { payload: toB64(stored.payload) } : {}),
        ...diffOf(opened.value, leaves[0]?.payload, parent),
      },
    ];
  });
}

/** Of a changed request, and of a denial that proposes one: what differs, from the bytes. */
function diffOf(
  { spoken }: OpenedLeaf,
  request: Uint8Array | undefined,
  parent: Uint8Array | undefined,
): { readonly diff?: DiffLine[] } {
  if (spoken?.type === 'request' && parent !== undefined && request !== undefined) {
    const lines = diffRequests(parent, request);
    return lines.ok ? { diff: [...differing(lines.value)] } : {};
  }
  const action = request && actionOf(request);
  if (spoken?.type !== 'decision' || spoken.says.changes === undefined || action === undefined)
    return {};
  // What is proposed has passed its schema, and is plain CJ-1 by that.
  const proposed = { ...action, ...(spoken.says.changes as Members) };
  return { diff: [...differing(diffActions(action, proposed))] };
}

/** The request's own text, where it is here. */
async function payloadOf(store: Store, digest: string | undefined) {
  if (digest === undefined) return undefined;
  return (await store.ofRequest(digest)).find(({ type }) => type === 'request')?.payload;
}

function parentOf(stored: StoredLeaf | undefined): string | undefined {
  const request = stored?.payload && decodeStatement('request', stored.payload);
  return request?.ok ? request.value.parent : undefined;
}

/** The request that was asked in place of a denied one; looked for close behind the denial, where its guard asks again. */
export async function childOf(store: Store, digest: string): Promise<string | undefined> {
  const leaves = await store.ofRequest(digest);
  const denial = leaves.find(({ payload, type }) => {
    const read = type === 'decision' && payload && decodeStatement('decision', payload);
    return read && read.ok && read.value.changes !== undefined;
  });
  if (denial === undefined) return undefined;
  const next = await store.read(denial.index + 1, CHILD_WITHIN);
  return next.find((stored) => stored.type === 'request' && parentOf(stored) === digest)?.request;
}

export type Watch = {
  readonly progress: (done: number, of: number) => void;
  /** Asked between two reads; once true, what was checked so far is told. */
  readonly stopped: () => boolean;
};

const UNWATCHED: Watch = { progress: () => {}, stopped: () => false };

/** Hashes every leaf again and checks every signature that has its body. */
export async function verifyAll(
  store: Store,
  replica: Replica,
  keyring: HeldKeyring,
  now: number,
  watch: Watch = UNWATCHED,
) {
  const tree = Frontier.restore({ size: 0, hashes: [] });
  const checkpoint = replica.checkpoint();
  const problems: { index: number; says: string }[] = [];
  const report = (index: number, says: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ index, says });
  };
  const signers = countSigners();
  let signatures = 0;
  let withoutBody = 0;
  let sealed = 0;
  const gone = openErasedCount(store, keyring);
  let covered = checkpoint === undefined;
  // An empty frontier always restores.
  if (!tree.ok) throw new Error('an empty frontier');
  const size = replica.size();
  let stopped = false;
  for (let from = 0; from < size && !stopped; from += READ_AT_ONCE) {
    watch.progress(from, size);
    const batch = await store.read(from, Math.min(READ_AT_ONCE, size - from));
    await gone.look(batch);
    for (const stored of batch) {
      if (stored.index !== tree.value.size)
        report(stored.index, 'an entry is missing before this one');
      tree.value.append(leafHash(stored.leaf));
      const opened = openLeaf(stored.index, stored.leaf, stored.payload, keyring);
      if (!opened.ok) report(stored.index, `cannot be read: ${opened.code}`);
      else if (opened.value.spoken === undefined) {
        if (stored.sealed) sealed++;
        else if (!gone.claims(opened.value)) {
          withoutBody++;
          // In solo mode everything is for this person; and what every copy has to read, is for everybody.
          if (
            keyring.keyring.solo ||
            opened.value.type === 'keyring' ||
            opened.value.type === 'erasure'
          )
            report(stored.index, 'its text is missing, and no erasure in the log says why');
        }
      } else if (opened.value.signature === 'verified') {
        signatures++;
        gone.met(stored, opened.value);
        signers.add(opened.value);
      } else report(stored.index, `signature ${opened.value.signature}`);
      if (checkpoint && tree.value.size === checkpoint.size) {
        covered = true;
        if (!sameBytes(tree.value.root(), checkpoint.root))
          report(stored.index, 'the entries up to here are not those of the checkpoint');
      }
    }
    stopped = watch.stopped() && from + READ_AT_ONCE < size;
  }
  const erased = gone.settle(stopped);
  for (const { index, says } of erased.problems) report(index, says);
  if (!covered && !stopped) report(size, 'the checkpoint covers more than is here');
  return {
    leaves: tree.value.size,
    signatures,
    signers: signers.list(),
    withoutBody,
    erased: erased.count,
    sealed,
    root: toHex(tree.value.root()),
    checkpoint: checkpoint?.note ?? '',
    logKey: findLogKey(keyring),
    problems,
    at: new Date(now).toISOString(),
    ...(stopped ? { stopped: true as const } : {}),
  };
}

function findLogKey(held: HeldKeyring): string {
  const log = held.keyring.brokers
    .flatMap((broker) => broker.keys)
    .find((key) => key.use === 'log');
  return (log && findKey(held, log.keyId)?.key.keyId) ?? 'none';
}
