// A signal that comes while `--strict` makes its private copies finds no command to get it: nothing is started, and the
// copies are gone.

import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start } from '../../../../main/guard/exec/start.ts';
import { measureWorld, releaseWorld } from '../../../../main/guard/exec/world.ts';
import { got, specOf, startOptions, type Yard, yard } from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
});
afterAll(() => place.remove());

describe.each([{ strict: true }, { strict: false }])('a signal, strict $strict', ({ strict }) => {
  test('before the start: nothing runs, and no copy is left', async () => {
    const marker = place.at(`ran-${strict}`);
    const script = await place.script(`job-${strict}.sh`, '#!/bin/sh\nprintf x > "$1"\n');
    const world = got(await measureWorld(specOf(place, ['sh', script, marker], { strict })));
    const copies: number[] = [];
    const interrupted = (): boolean => {
      // Asked once the copies are there: a signal that came meanwhile still counts.
      copies.push(readdirSync(place.scratch).length);
      return true;
    };
    const started = await start(world, startOptions({ interrupted }));
    expect(started).toMatchObject({ ok: false, code: 'interrupted' });
    expect(copies).toEqual([strict ? 1 : 0]);
    expect(readdirSync(place.scratch)).toEqual([]);
    expect(existsSync(marker)).toBe(false);
    await releaseWorld(world);
  });

  test('that did not come: it runs', async () => {
    const marker = place.at(`runs-${strict}`);
    const script = await place.script(`runs-${strict}.sh`, '#!/bin/sh\nprintf x > "$1"\n');
    const world = got(await measureWorld(specOf(place, ['sh', script, marker], { strict })));
    const started = got(await start(world, startOptions({ interrupted: () => false })));
    expect(await started.ended).toEqual({ code: 0 });
    expect(existsSync(marker)).toBe(true);
    await releaseWorld(world);
  });
});
