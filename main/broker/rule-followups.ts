// What comes around a decision: notices by a reviewer's app, endings and receipts by the guard that asked, and a next
// keyring, which the broker can check and pass on but never make.

import { endingFits } from '../../shared/domain/changes.ts';
import { advance } from '../../shared/domain/life.ts';
import { fail, ok } from '../../shared/result.ts';
import { noticeIsLogged } from '../../shared/statement/followups.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { sha256Hex } from '../trust/digest.ts';
import { openNextKeyring } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import type { Rule } from './bench.ts';
import { mark } from './desk.ts';
import { mayRead } from './entitlement.ts';
import { draftOf, openStatement, signerOf } from './open-statement.ts';
import { envelopeBytes } from './standing.ts';

/** Logged notices and receipts of one request: more is a client in a loop, and endings must still fit. */
const MAX_LEAVES_ABOUT = 256;

export const judgeNotice: Rule = (bench, session, text) => {
  if (session.kind !== 'reviewer') return fail('wrongRole');
  const opened = openStatement('notice', text);
  if (!opened.ok) return opened;
  const { held, desk } = bench.standing;
  const { request, what, by } = opened.value.statement;
  const signer = signerOf(opened.value, held, {
    kind: 'reviewer',
    use: 'session',
    index: bench.nextIndex,
  });
  if (!signer.ok) return signer;
  const { id, device, key } = signer.value;
  if (by.id !== id || by.device !== device || by.keyId !== key.keyId || session.id !== id) {
    return fail('notYours');
  }
  // Only a channel's key says that somebody denied in a chat (spec: Types).
  if (what === 'chatDenied') return fail('wrongRole');
  const open = desk.get(request);
  if (open === undefined)
    return fail(bench.ledger.query.request(request) ? 'notOpen' : 'unknownRequest');
  if (!mayRead(held.keyring, signer.value, open.request)) return fail('notYours');
  mark(open, id, what);
  if (!noticeIsLogged(what)) {
    const notice = { request, what, keyId: key.keyId, envelope: text };
    return ok({ entry: { notice }, request, does: 'notes' });
  }
  if (open.notices >= MAX_LEAVES_ABOUT) return fail('tooLarge');
  open.notices += 1;
  const about = { request, ends: false };
  return ok({ entry: { leaf: draftOf(opened.value), about }, request, does: 'notes' });
};

export const judgeEnding: Rule = (bench, session, text) => {
  if (session.kind !== 'guard') return fail('wrongRole');
  const opened = openStatement('ending', text);
  if (!opened.ok) return opened;
  const { held, desk } = bench.standing;
  const { request, who, decisions, how } = opened.value.statement;
  const index = bench.nextIndex;
  const signer = signerOf(opened.value, held, { kind: 'guard', use: 'guard', index });
  if (!signer.ok) return signer;
  const { id, key } = signer.value;
  if (who.role !== 'guard' || who.id !== id || who.keyId !== key.keyId || session.id !== id) {
    return fail('notYours');
  }
  const stored = bench.ledger.query.request(request);
  const open = desk.get(request);
  if (open === undefined) return fail(stored ? 'notOpen' : 'unknownRequest');
  if (open.request.guard.id !== id) return fail('notYours');
  if (!decisions.every((one) => open.decisions.includes(one))) {
    return fail('badStatement', 'names a decision that is not in the log');
  }
  if (!endingFits(how, open.request)) {
    return fail('badStatement', 'an ending with changes is of a changed request, and of no other');
  }
  const moved = advance(open.life, { what: 'ending', how });
  if (!moved.ok) return moved;
  desk.end(request);
  const about = { request, ends: true };
  return ok({ entry: { leaf: draftOf(opened.value), about }, request, does: 'ends' });
};

export const judgeReceipt: Rule = (bench, session, text) => {
  if (session.kind !== 'guard') return fail('wrongRole');
  const opened = openStatement('receipt', text);
  if (!opened.ok) return opened;
  const { request, guard } = opened.value.statement;
  const signer = signerOf(opened.value, bench.standing.held, {
    kind: 'guard',
    use: 'guard',
    index: bench.nextIndex,
  });
  if (!signer.ok) return signer;
  const { id, key } = signer.value;
  if (guard.id !== id || guard.keyId !== key.keyId || session.id !== id) return fail('notYours');
  const stored = bench.ledger.query.request(request);
  if (stored === undefined) return fail('unknownRequest');
  if (stored.guard !== id) return fail('notYours');
  if (stored.about.length >= 2 * MAX_LEAVES_ABOUT) return fail('tooLarge');
  const about = { request, ends: false };
  return ok({ entry: { leaf: draftOf(opened.value), about }, request, does: 'reports' });
};

export const judgeKeyring: Rule = (bench, session, text) => {
  if (session.kind !== 'reviewer') return fail('wrongRole');
  const { standing } = bench;
  const bytes = envelopeBytes(text);
  const next = openNextKeyring(standing.held, bytes);
  if (!next.ok) return fail('badKeyring', next.code);
  const { origin, vkey } = next.value.keyring.log;
  const { log } = standing.held.keyring;
  if (origin !== log.origin || vkey !== log.vkey) return fail('badKeyring', 'another log');
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.keyring);
  if (!envelope.ok) return fail('badEnvelope');
  standing.held = next.value;
  standing.keyrings.push(text);
  const leaf = draftOf({ envelope: envelope.value, sha256: sha256Hex(envelope.value.payload) });
  const keyring = { version: next.value.keyring.version };
  return ok({ entry: { leaf, keyring }, does: 'enrols', keyring: next.value });
};
