// The real link against the real broker: what one says, the other understands, across a restart at another address.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendAttachment } from '../../main/link/attachments.ts';
import { type Link, openLink } from '../../main/link/link.ts';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import { readEndpoint } from '../../main/state/endpoint.ts';
import { sha256Hex, systemRandom } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { openFirstKeyring } from '../../main/trust/keyring.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { decisionBy, makeOrg, type Org, requestBy } from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
const links: Link[] = [];
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
});
afterEach(async () => {
  for (const link of links) link.stop();
  await here.leave();
});

function dial(role: 'guard' | 'reviewer', sessionKey: KeyPair) {
  const held = openFirstKeyring(org.envelope, org.keyring);
  if (!held.ok) throw new Error(held.code);
  const heard: AnyServerMessage[] = [];
  const states: string[] = [];
  const link = openLink({
    role,
    sessionKey,
    endpoint: async () => {
      const endpoint = readEndpoint({ root: here.house.root });
      return endpoint.ok ? endpoint.value : undefined;
    },
    keyring: () => held.value,
    version: 'test',
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onMessage: (message) => heard.push(message),
    onState: (state) => {
      states.push(state.kind);
      if (state.kind === 'online' && role === 'reviewer') link.tell('follow', { cursor: 0 });
    },
  });
  links.push(link);
  return { link, heard, states };
}

test('a guard and an app log in, ask, decide and hear, before and after the broker moves', async () => {
  const guard = dial('guard', org.guard.session);
  const app = dial('reviewer', org.alice.session);
  const bytes = Uint8Array.from({ length: 150_000 }, (_, i) => i % 250);
  const sha256 = sha256Hex(bytes);
  expect(await sendAttachment(guard.link, bytes)).toMatchObject({ ok: true });
  const attachments = [{ sha256, size: bytes.length, mediaType: 'text/plain', name: 'big' }];
  const request = requestBy(org.guard, here.house.time, { attachments });
  const asked = await guard.link.send('request', { envelope: request.envelope });
  expect(asked).toMatchObject({ ok: true, value: { index: 1 } });

  await here.house.restart();
  const decision = decisionBy(org.alice, here.house.time, request.sha256);
  const decided = await app.link.send('decision', { envelope: decision.envelope });
  expect(decided).toMatchObject({ ok: true, value: { index: 2 } });
  const again = await guard.link.send('request', { envelope: request.envelope });
  expect(again).toMatchObject({ ok: true, value: { index: 1 } });
  await expect.poll(() => guard.heard.some((one) => one.t === 'entry')).toBe(true);
  await expect.poll(() => app.heard.some((one) => one.t === 'agent')).toBe(true);
  expect(guard.states.filter((one) => one === 'online')).toHaveLength(2);
});
