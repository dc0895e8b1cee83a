// A real log of a real app, rehearsed beside it: two commands asked about, one approved and one denied, against a policy
// under which one would run at once.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyCommand } from '../../main/cli/policy.ts';
import { type Machine, thisMachine } from '../../main/hosts/processes/machine.ts';
import { AppHome, ROOT, SECRET, whyNoBuild } from '../kit/app-home.ts';
import { enterReviewer, type Reviewer } from '../kit/reviewer.ts';

const unbuilt = whyNoBuild();

describe.skipIf(unbuilt !== undefined)('with an app and a reviewer', () => {
  const home = new AppHome();
  let reviewer: Reviewer | undefined;
  beforeAll(async () => {
    await home.start();
    reviewer = await enterReviewer(home.state, SECRET);
  });
  afterAll(async () => {
    reviewer?.close();
    await home[Symbol.asyncDispose]();
  });

  async function rehearse(words: readonly string[], env: NodeJS.ProcessEnv) {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const machine: Machine = {
      ...thisMachine(join(ROOT, 'out/main')),
      env,
      terminal: { input: new PassThrough(), output, errors },
    };
    const policy = join(home.folder, 'policy.cedar');
    writeFileSync(
      policy,
      `@id("reads") permit (principal is Agent, action, resource) when { context.commands == ["echo"] };
@id("touches") @tier("high") @require("2 of anyone")
forbid (principal is Agent, action, resource) when { context.program == "touch" } unless { context.approved };`,
    );
    const exit = await policyCommand(['rehearse', policy, '--json', ...words], machine);
    return { exit, out: String(output.read() ?? ''), err: String(errors.read() ?? '') };
  }

  test('says what would have been asked, of whom, and what was denied', async () => {
    if (reviewer === undefined) throw new Error('no reviewer');
    for (const [command, verdict] of [
      ['touch x', 'approve'],
      ['echo y', 'deny'],
    ] as const) {
      const started = home.sh(`countersign run --reason '${command}' -- ${command}`);
      const { digest } = await reviewer.waitFor(command);
      expect(await reviewer.decide(digest, verdict)).toBe('decided');
      await started.ended;
    }
    // The app writes what the broker tells it; the ending may come a moment after the command has ended.
    await reviewer.until(({ requests }) => requests.every(({ stage }) => stage === 'ended'));
    const { exit, out, err } = await rehearse([], home.env());
    expect([exit, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      actions: 2,
      before: { prompts: 2, approvals: 2, allowed: 0 },
      after: { prompts: 1, approvals: 2, allowed: 1 },
      errors: 0,
      deniedThenAllowed: [{ title: 'run echo y', ended: 'denied', rules: ['reads'] }],
    });
    const named = await rehearse(['--log', home.state], {});
    expect(JSON.parse(named.out)).toMatchObject({ actions: 2 });
    const file = await rehearse(['--log', join(home.state, 'app', 'replica.db')], {});
    expect(JSON.parse(file.out)).toMatchObject({ actions: 2 });
  });
});
