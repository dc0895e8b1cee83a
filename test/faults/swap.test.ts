// Content that changes between approval and run (security note 5.5). First with the change certainly between the two
// measurements, then raced against the second measurement and the start, COUNTERSIGN_SWAP_RUNS times each; the counts
// are printed. `changed`: something else than the approved content ran.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remeasure } from '../../main/guard/exec/remeasure.ts';
import { measureWorld, releaseWorld } from '../../main/guard/exec/world.ts';
import { got, runWorld, type Yard, yard } from '../unit/guard/exec/kit.ts';
import { type Attack, ATTACKS, type Op, stage } from './swap-attacks.ts';

const RUNS = Number(process.env['COUNTERSIGN_SWAP_RUNS'] ?? 20);
const linux = process.platform === 'linux';

type Attacker = {
  readonly strike: (delayUs: number, ops: readonly Op[]) => Promise<string>;
  readonly stop: () => void;
};

function attacker(): Attacker {
  const path = fileURLToPath(new URL('swap-attacker.mjs', import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    strike: async (delayUs, ops) => {
      child.stdin.write(`${JSON.stringify({ delayUs, ops })}\n`);
      return String((await lines.next()).value);
    },
    stop: () => child.stdin.end(),
  };
}

let place: Yard;
let enemy: Attacker;
beforeAll(async () => {
  place = await yard();
  enemy = attacker();
});
afterAll(() => {
  enemy.stop();
  place.remove();
});

type Verdict = 'refused' | 'approved' | 'changed';

/** `delayUs` undefined: strike between the measurements. */
async function once(attack: Attack, strict: boolean, delayUs: number | undefined) {
  const { scene, spec } = stage(place, attack, strict);
  const world = got(await measureWorld(spec));
  const began = performance.now();
  const strike = async (wait: number): Promise<string> => {
    const struck = await enemy.strike(wait, scene.ops);
    scene.within?.();
    return struck;
  };
  const struck = delayUs === undefined ? undefined : strike(delayUs);
  if (delayUs === undefined) expect(await strike(0)).toBe('done');
  const code = await remeasure(world, world.action);
  const ran = code ? undefined : await runWorld(place, world);
  const tookUs = (performance.now() - began) * 1000;
  await struck;
  await releaseWorld(world);
  if (spec.stdin.fd > 2) closeSync(spec.stdin.fd);
  return { code, verdict: verdictOf(ran?.outcome), tookUs };
}

const verdictOf = (outcome: unknown): Verdict => {
  if (outcome === undefined || typeof outcome === 'string') return 'refused';
  return JSON.stringify(outcome) === '{"code":0}' ? 'approved' : 'changed';
};

describe.runIf(linux).each([{ strict: false }, { strict: true }])(
  'strict $strict',
  ({ strict }) => {
    describe('a change between the two measurements', () => {
      test.each(ATTACKS)('$name: $code', async (attack) => {
        const { code, verdict } = await once(attack, strict, undefined);
        expect(code).toBe(attack.code);
        expect(verdict).toBe(attack.code ? 'refused' : 'approved');
      });
    });

    describe(`a change raced ${RUNS} times against measurement and start`, () => {
      test.each(ATTACKS)('$name', { timeout: 20_000 + RUNS * 500 }, async (attack) => {
        const counts = { refused: 0, approved: 0, changed: 0 };
        // How long a run takes when nothing moves in time: strikes are spread evenly over it.
        const span = (await once(attack, strict, 200_000)).tookUs;
        for (let run = 0; run < RUNS; run++) {
          const { verdict } = await once(attack, strict, Math.round((span * run) / RUNS));
          counts[verdict]++;
        }
        const mode = strict ? 'strict ' : 'default';
        const { refused, approved, changed } = counts;
        process.stdout.write(
          `swap ${mode} ${attack.name}: ${RUNS} runs, ${refused} refused, ${approved} approved content, ${changed} changed content\n`,
        );
        if (strict || !attack.open) expect(changed).toBe(0);
        expect(refused + approved + changed).toBe(RUNS);
      });
    });
  },
);
