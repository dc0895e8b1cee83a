// An approval that waits for a witness is judged again when the witness comes: what has expired meanwhile releases nothing.

import { expect, test } from 'vitest';
import { cosign } from '../../../main/trust/cosignature.ts';
import { formatLine, parseNote } from '../../../main/trust/note.ts';
import { witnessName } from '../../../main/trust/witness.ts';
import { codeOf, decide, NOW, openStage, say, type Stage } from '../../kit/gate-stage.ts';
import { iso } from './row.ts';

/** The head with the line of bob's device, of this very second. */
function cosigned({ world, clock }: Stage, note: string): string {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.code);
  const { bob } = world.keys;
  const name = witnessName(world.keyring.org, bob);
  const seconds = Math.floor(clock.wall / 1000);
  return `${note}${formatLine(cosign(parsed.value.text, name, bob.witness, seconds))}`;
}

test.each([
  [30_001, 'approved'],
  [30_000, 'keyringExpired'],
])('a keyring that expires after %i ms of which 30,000 were waited for: %s', async (ms, code) => {
  const stage = await openStage({
    keyring: (keyring) => ({
      ...keyring,
      expires: iso(NOW + ms),
      witnesses: { count: 1, withinMs: 60_000 },
    }),
  });
  const entry = decide(stage);
  say(stage, entry);
  // The decision is judged, and waits; nothing has settled by then.
  await new Promise((resolve) => setImmediate(resolve));
  expect(stage.told).toContainEqual({ what: 'unwitnessed', missing: 1 });
  stage.clock.wall += 30_000;
  const { digest } = stage.asked;
  stage.gate.take({
    t: 'witnessed',
    body: { request: digest, note: cosigned(stage, entry.note) },
  });
  expect(codeOf(await stage.gate.answer)).toBe(code);
  stage.world.remove();
});
