// The broker takes a cosignature only by the witness key of the device that sends it and for a head of its own log, keeps it,
// and puts it before the guards whose approvals wait for it and before every reviewer's copy.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cosign } from '../../main/trust/cosignature.ts';
import { parseHead } from '../../main/trust/checkpoint.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { openFirstKeyring } from '../../main/trust/keyring.ts';
import { formatLine, parseNote } from '../../main/trust/note.ts';
import { freshWitnesses, witnessName } from '../../main/trust/witness.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  type HandTime,
  makeOrg,
  type Org,
  type Person,
  requestBy,
} from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
let time: HandTime;
let guard: WireClient;
let alice: WireClient;
beforeEach(async () => {
  org = makeOrg((keyring) => ({ ...keyring, witnesses: { count: 1, withinMs: 300_000 } }));
  here = await visit(org);
  time = here.house.time;
  guard = await here.asGuard();
  alice = await here.asReviewer();
});
afterEach(() => here.leave());

type Said = { readonly size: number; readonly line: string };

/** Signed over `note`'s head, sent as for `as`. */
function lineFor(note: string, who: Person, key: KeyPair = who.witness, as = note): Said {
  const parsed = parseNote(note);
  const claimed = parseNote(as);
  const head = claimed.ok ? parseHead(claimed.value.text) : claimed;
  if (!parsed.ok || !head.ok) throw new Error('a head');
  const name = witnessName('org', who);
  const seconds = Math.floor(time.now() / 1000);
  return {
    size: head.value.size,
    line: formatLine(cosign(parsed.value.text, name, key, seconds)),
  };
}

/** A request that alice approves, and the head that covers both. */
async function approved(): Promise<{ readonly request: string; readonly note: string }> {
  const request = requestBy(org.guard, time);
  await guard.ask('request', { envelope: request.envelope });
  const decision = decisionBy(org.alice, time, request.sha256);
  const index = await alice.ask('decision', { envelope: decision.envelope });
  const entry = await guard.wait('entry', ({ body }) => body.index === index);
  return { request: request.sha256, note: entry.body.note };
}

describe('a cosignature', () => {
  test('reaches the guard that waits for it, under the head that covers its approval', async () => {
    const { request, note } = await approved();
    expect(await alice.ask('cosign', lineFor(note, org.alice))).toBe('kept');
    const told = await guard.wait('witnessed');
    expect(told.body.request).toBe(request);
    const held = openFirstKeyring(org.envelope, org.keyring);
    if (!held.ok) throw new Error(held.code);
    const at = { now: time.now(), withinMs: 300_000 };
    expect([...freshWitnesses(told.body.note, 99, held.value, at)]).toEqual(['alice']);
  });

  test('stands under the note of what is delivered afterwards', async () => {
    const { note } = await approved();
    await alice.ask('cosign', lineFor(note, org.alice));
    const again = await here.asGuard();
    const request = requestBy(org.guard, time);
    await again.ask('request', { envelope: request.envelope });
    expect((await guard.wait('witnessed')).body.note).toContain('org/alice/');
  });

  test.each<[string, (note: string) => Said]>([
    ["by another person's key", (note) => lineFor(note, org.bob)],
    ['by a key that is no witness', (note) => lineFor(note, org.alice, org.alice.session)],
    [
      'for other bytes than the head',
      (note) => lineFor(note.replace(/\n(\d+)\n/, '\n9$1\n'), org.alice, org.alice.witness, note),
    ],
    [
      'in two lines',
      (note) => ({ ...lineFor(note, org.alice), line: lineFor(note, org.alice).line.repeat(2) }),
    ],
    ['that is no line', (note) => ({ ...lineFor(note, org.alice), line: 'hello\n' })],
  ])('%s is refused, and nobody is told', async (_, make) => {
    const { note } = await approved();
    expect(await alice.ask('cosign', make(note))).toBe('badSignature');
    expect(guard.heard.some((one) => one.t === 'witnessed')).toBe(false);
  });

  test('by a guard is refused', async () => {
    const { note } = await approved();
    expect(await guard.ask('cosign', lineFor(note, org.alice))).toBe('wrongRole');
  });

  test('of a size that was never a head changes nothing', async () => {
    const { note } = await approved();
    expect(await alice.ask('cosign', { ...lineFor(note, org.alice), size: 4711 })).toBe('kept');
    expect(guard.heard.some((one) => one.t === 'witnessed')).toBe(false);
  });
});

describe('the names under the newest head', () => {
  const grown = ({ heard }: WireClient, note: string): readonly string[] =>
    heard.flatMap((one) =>
      one.t === 'checkpoint' && one.body.note.length > note.length ? [one.body.note] : [],
    );

  test('reach every copy once a second, in one message however many have cosigned', async () => {
    const bob = await here.asReviewer(org.bob);
    const { note } = await approved();
    await alice.ask('cosign', lineFor(note, org.alice));
    await bob.ask('cosign', lineFor(note, org.bob));
    expect([...grown(alice, note), ...grown(bob, note)]).toEqual([]);
    time.advance(1000);
    const both = lineFor(note, org.alice).line.length + lineFor(note, org.bob).line.length;
    for (const client of [alice, bob])
      await client.wait('checkpoint', ({ body }) => body.note.length === note.length + both);
    // The same names again are no news.
    await bob.ask('cosign', lineFor(note, org.bob));
    time.advance(1000);
    expect(await alice.ask('cosign', lineFor(note, org.alice))).toBe('kept');
    expect([grown(alice, note).length, grown(bob, note).length]).toEqual([1, 1]);
  });

  test('are there at once for one who follows later, and not for one who has not logged in', async () => {
    const { note } = await approved();
    await alice.ask('cosign', lineFor(note, org.alice));
    const late = await here.asReviewer(org.bob);
    await late.wait('checkpoint', ({ body }) => body.note.includes('org/alice/'));
    const hello = await late.wait('hello');
    expect(hello.body.checkpoint).toBe(note);
  });
});
