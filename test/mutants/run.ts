// `npm run test:mutants [-- WORD...]`: puts each seeded bug into a private copy of the program and asks the named test file
// to go red. Without bugs they must be green. A bug that nobody sees, or whose text is gone, fails the run.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../build/scripts/tool.ts';
import { edited, makeCopy, seed } from './copy.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './table.ts';
import { type Outcome, runTests } from './tests.ts';

const AT_ONCE = 2;
const FIRST_MS = 20_000;
const AGAIN_MS = 60_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Words choose mutants by a part of their id or file. */
export async function main(words: readonly string[]): Promise<number> {
  const chosen = MUTANTS.filter(
    ({ id, file }) => words.length === 0 || words.some((word) => `${id} ${file}`.includes(word)),
  );
  const stale = chosen.flatMap(staleness);
  for (const line of stale) say(`STALE     ${line}`);
  const copies = Array.from({ length: AT_ONCE }, () => makeCopy(ROOT));
  try {
    const [first = ''] = copies.map((copy) => copy.root);
    const files = [...new Set(chosen.flatMap(({ red }) => red))].sort();
    const clean = await runTests(first, files, 2 * AGAIN_MS);
    if (clean.kind !== 'green') {
      say(`mutants: the program without a bug is not green: ${toldOf(clean)}`);
      return 1;
    }
    say(`without a bug: ${files.length} files, ${clean.passed} tests green`);
    const alive = chosen.filter((one) => staleness(one).length === 0);
    const survivors = await killAll(
      alive,
      copies.map((copy) => copy.root),
    );
    say(`mutants: ${alive.length - survivors.length} killed, ${survivors.length} survived`);
    for (const { id, file, why } of survivors) say(`survived: ${id} (${file}): ${why}`);
    if (stale.length > 0) say(`mutants: ${stale.length} no longer apply`);
    return survivors.length + stale.length > 0 || alive.length === 0 ? 1 : 0;
  } finally {
    for (const copy of copies) copy.remove();
  }
}

function staleness({ id, file, edits }: Mutant): readonly string[] {
  const after = edited(readFileSync(join(ROOT, file), 'utf8'), edits);
  return typeof after === 'string' ? [] : [`${id}: ${file} has ${after.stale}`];
}

/** One mutant in each copy at a time. Gives those that no test saw. */
async function killAll(
  mutants: readonly Mutant[],
  roots: readonly string[],
): Promise<readonly Mutant[]> {
  const waiting = [...mutants];
  const survivors: Mutant[] = [];
  const work = async (root: string): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const undo = seed(root, next);
      const once = await runTests(root, next.red, FIRST_MS);
      // What did not end may have been the machine: it is asked again.
      const outcome =
        once.kind === 'red' && once.late ? await runTests(root, next.red, AGAIN_MS) : once;
      undo();
      if (outcome.kind !== 'red') survivors.push(next);
      say(`${outcome.kind === 'red' ? 'killed   ' : 'SURVIVED '} ${next.id}: ${toldOf(outcome)}`);
    }
  };
  await Promise.all(roots.map(work));
  return survivors;
}

function toldOf(outcome: Outcome): string {
  if (outcome.kind === 'red')
    return `${outcome.test}${outcome.late ? ' (did not end, twice)' : ''}`;
  return outcome.kind === 'broken' ? `broken: ${outcome.says}` : `${outcome.passed} tests green`;
}

process.exitCode = await main(process.argv.slice(2));
