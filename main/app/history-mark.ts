// What a leaf adds to the history of its request: from a verified leaf only, and only what its signer may say. The texts
// are those of the card (escaped), and none of them is an environment value, a secret or anything the card hides.

import type { Action } from '../../shared/statement/action.ts';
import type { LongField } from '../../shared/statement/fields.ts';
import type { Request } from '../../shared/statement/request.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import { escapeText } from '../../shared/statement/view/escape.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import type { OpenedLeaf } from './open-leaf.ts';
import type { LeafMark } from './ports.ts';
import { exitText, shown } from './summary.ts';

/** Undefined where the leaf adds nothing: unverified, without its body, or not about a request. */
export function markOf(opened: OpenedLeaf): LeafMark | undefined {
  const { spoken, signer, keyId } = opened;
  if (spoken === undefined || opened.signature !== 'verified') return undefined;
  switch (spoken.type) {
    case 'request':
      return isOf(opened, spoken.says.guard) ? requestMark(spoken.says) : undefined;
    case 'decision': {
      const { verdict, issuedAt, reviewer } = spoken.says;
      if (reviewer.keyId !== keyId) return undefined;
      return {
        what: 'decision',
        verdict,
        // The keyring's word for whose key it is, not the statement's.
        reviewer: signer?.id ?? reviewer.id,
        at: Date.parse(issuedAt),
        keyId,
        seq: reviewer.seq,
        sha256: opened.leaf.payloadSha256,
      };
    }
    case 'notice':
      return spoken.says.what === 'opened' && signer && spoken.says.by.keyId === keyId
        ? { what: 'opened', reviewer: signer.id }
        : undefined;
    case 'ending': {
      const { how, who } = spoken.says;
      if (who.keyId !== keyId || signer === undefined) return undefined;
      if (signer.kind === 'guard') return { what: 'ending', how, guard: signer.id };
      // The broker's log key can only end in a refusal (spec: Types).
      const refuses = how !== 'approved' && how !== 'approvedWithChanges';
      return signer.use === 'log' && refuses
        ? { what: 'ending', how, guard: undefined }
        : undefined;
    }
    case 'receipt':
      return isOf(opened, spoken.says.guard)
        ? {
            what: 'receipt',
            guard: spoken.says.guard.id,
            state: spoken.says.state,
            exit: exitText(spoken.says),
          }
        : undefined;
    case 'erasure': {
      const { reviewer, what } = spoken.says;
      if (reviewer.keyId !== keyId) return undefined;
      const { payloadSha256: sha256 } = opened.leaf;
      return { what: 'erasure', erases: what, keyId, seq: reviewer.seq, sha256 };
    }
    case 'grant':
    case 'grantEnd': {
      const { reviewer } = spoken.says;
      if (reviewer.keyId !== keyId) return undefined;
      return { what: 'chained', keyId, seq: reviewer.seq, sha256: opened.leaf.payloadSha256 };
    }
    default:
      return undefined;
  }
}

const isOf = (
  { signer, keyId }: OpenedLeaf,
  guard: { readonly id: string; readonly keyId: string },
): boolean => signer?.kind === 'guard' && signer.id === guard.id && keyId === guard.keyId;

/** The row and the searchable text of a request. */
export function requestMark(request: Request): Extract<LeafMark, { what: 'request' }> {
  const { title, target } = headline(request);
  const { agent, guard } = request;
  return {
    what: 'request',
    at: Date.parse(request.createdAt),
    title,
    kind: request.action.kind,
    target,
    agent: agent.id,
    person: agent.onBehalfOf,
    guard: guard.id,
    host: guard.host,
    tier: request.policy.tier,
    words: {
      action: [target, ...actionWords(request.action)].join(' '),
      reason: shown(request.reason),
      who: [agent.id, agent.onBehalfOf, guard.host, guard.id].join(' '),
    },
  };
}

function actionWords(action: Action): readonly string[] {
  switch (action.kind) {
    case 'exec':
      return [
        shownField(action.executable.path),
        ...(action.script ? [shownField(action.script.path)] : []),
        ...action.argv.map(shownField),
        shownField(action.cwd),
      ];
    case 'mcp':
      return [action.server, action.tool, shownField(action.argumentsRaw)];
    case 'http':
      return [action.method, action.host, shownField(action.path), shownField(action.query)];
    case 'tool':
      return [action.runtime, action.tool, shownField(action.inputRaw), shownField(action.cwd)];
  }
}

/** Of an attachment nothing: its bytes are not here. */
const shownField = (field: LongField): string =>
  typeof field === 'object' && 'attachment' in field
    ? ''
    : escapeText(bytesOfRaw(field), { ascii: false });
