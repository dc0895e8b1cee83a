// How long policy takes to answer, with 10, 200 and 2,000 rules: at once, held, and opening the policy; the answers also as
// a ratio to that of a policy of one rule, measured in turn with them. Printed, not judged here: `node test/bench/policy.ts`.

import { utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { openPolicy } from '../../main/policy/cedar/engine.ts';
import { loadCedar } from '../../main/policy/cedar/wasm.ts';
import { sampleCommand } from '../../main/policy/cedar/sample-action.ts';
import { factsOf } from '../../main/policy/facts.ts';
import { STARTER_TEXT } from '../../main/policy/starter/starter.ts';

const AT = '2026-11-23T10:00:00.000Z';
const MIN_MS = 2_000;

/** The starter, with rules of the same kind about hosts that nobody has. */
function policyOf(count: number): Uint8Array {
  const starter = STARTER_TEXT.match(/^@id\(/gm)?.length ?? 0;
  const more = Array.from(
    { length: Math.max(0, count - starter) },
    (_, at) => `@id("host-${at}") @tier("high") @require("1 of anyone")
forbid (principal is Agent, action, resource)
when { context.hosts.contains("h${at}.example.com") && context.capabilities.contains("write") }
unless { context.approved };
`,
  );
  return utf8(`${STARTER_TEXT}\n${more.join('')}`);
}

/** Lower quartiles in ms, one run of each in turn: what else the machine does meets all of them alike. */
function quartiles(...runs: readonly (() => void)[]): readonly number[] {
  const times = runs.map((): number[] => []);
  const end = performance.now() + MIN_MS;
  for (let round = 0; performance.now() < end || round < 20; round++)
    runs.forEach((run, at) => {
      const start = performance.now();
      run();
      times[at]?.push(performance.now() - start);
    });
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 4)] ?? 0);
}

const start = performance.now();
loadCedar();
process.stdout.write(`loading Cedar       ${(performance.now() - start).toFixed(1)} ms, once\n\n`);
process.stdout.write('rules   open ms   at once ms  (a ms)  (ratio)   held ms  (a ms)  (ratio)\n');
const read = factsOf(sampleCommand(['ls', '-la'], { cwd: '/home/dev/project' }));
const remove = factsOf(sampleCommand(['rm', '-rf', 'build'], { cwd: '/home/dev/project' }));
for (const count of [10, 200, 2000]) {
  const bytes = policyOf(count);
  const opening = performance.now();
  const policy = openPolicy(bytes);
  const open = performance.now() - opening;
  invariant(policy.ok, 'the policy opens');
  const { evaluate } = policy.value;
  for (const [facts, outcome] of [
    [read, 'allow'],
    [remove, 'hold'],
  ] as const) {
    const verdict = evaluate(facts, AT);
    invariant(verdict.ok && verdict.value.outcome === outcome, `the answer is ${outcome}`);
  }
  const bare = openPolicy(utf8('@id("all") permit (principal is Agent, action, resource);'));
  invariant(bare.ok, 'one rule is a policy');
  const [one = 0, atOnce = 0, held = 0] = quartiles(
    () => void bare.value.evaluate(read, AT),
    () => void evaluate(read, AT),
    () => void evaluate(remove, AT),
  );
  const cells = [
    open.toFixed(0),
    ...[atOnce, held].flatMap((ms) => [ms.toFixed(3), (1 / ms).toFixed(2), (ms / one).toFixed(1)]),
  ];
  const widths = [10, 13, 8, 9, 10, 8, 9];
  process.stdout.write(
    `${String(count).padStart(5)}${cells.map((cell, at) => cell.padStart(widths[at] ?? 9)).join('')}\n`,
  );
}
