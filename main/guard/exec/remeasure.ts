// Step 16 of the checks: the world as it is now against the action as it was approved, field by field. A field that
// has no line here does not compile. What cannot be measured any more has changed.

import { isDeepStrictEqual } from 'node:util';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import type { ExecAction } from '../../../shared/statement/action.ts';
import type { Ambient } from './ambient.ts';
import { measureFile } from './measure.ts';
import { sameStdin } from './stdin.ts';
import { actionOf, closeHeld, type Held, observe, type Trouble, type World } from './world.ts';

const CODES = {
  kind: 'programChanged',
  uid: 'identityChanged',
  gid: 'identityChanged',
  umask: 'identityChanged',
  cwd: 'folderChanged',
  env: 'environmentChanged',
  stdin: 'stdinChanged',
  argv: 'programChanged',
  executable: 'programChanged',
  script: 'scriptChanged',
  interpreterArgs: 'scriptChanged',
  runs: 'programChanged',
  inputs: 'inputChanged',
} as const satisfies Record<keyof ExecAction, RefusalCode>;

const FIELDS = Object.keys(CODES) as (keyof ExecAction)[];

/** undefined: nothing changed, and the world now holds what was hashed last. The caller still releases the world. */
export async function remeasure(
  world: World,
  approved: ExecAction,
): Promise<RefusalCode | undefined> {
  const ambient = world.spec.ambient();
  const seen = await observe(world.spec, ambient);
  if (!seen.ok) return await codeOfTrouble(world, approved, seen);
  const refusal = await compare(world, approved, ambient, seen.value);
  if (refusal) {
    await closeHeld(seen.value);
    return refusal;
  }
  const before = world.held;
  world.held = seen.value;
  await closeHeld(before);
  return undefined;
}

async function compare(
  world: World,
  approved: ExecAction,
  ambient: Ambient,
  now: Held,
): Promise<RefusalCode | undefined> {
  // The path can be the same and the folder another one.
  if (now.folder.id !== world.held.folder.id) return 'folderChanged';
  if (!(await sameStdin(world.stdin, world.spec.stdin.fd))) return 'stdinChanged';
  const action = actionOf(world.spec, ambient, now, world.stdin, new Map());
  const field = FIELDS.find((each) => !isDeepStrictEqual(action[each], approved[each]));
  if (field === undefined) return undefined;
  // A script whose first line names another interpreter changed; its interpreter did not.
  if (field === 'executable' && lineChanged(action, approved, world)) return 'scriptChanged';
  // The program that env(1) names stands last among the inputs.
  if (field === 'inputs' && sameDeclared(action, approved, world)) return 'programChanged';
  return CODES[field];
}

const lineChanged = (now: ExecAction, approved: ExecAction, world: World): boolean =>
  world.held.program.lineArgs !== undefined && !isDeepStrictEqual(now.script, approved.script);

const sameDeclared = (now: ExecAction, approved: ExecAction, world: World): boolean => {
  const count = world.spec.inputs.length;
  return isDeepStrictEqual(now.inputs.slice(0, count), approved.inputs.slice(0, count));
};

async function codeOfTrouble(
  world: World,
  approved: ExecAction,
  trouble: Trouble,
): Promise<RefusalCode> {
  switch (trouble.stage) {
    case 'folder':
      return 'folderChanged';
    case 'environment':
      return 'environmentChanged';
    case 'inputs':
      return 'inputChanged';
    case 'program':
      return (await scriptStands(world, approved)) ? 'programChanged' : 'scriptChanged';
  }
}

/** True where there is no script, or it is as approved: then it is something else that can't be measured. */
async function scriptStands(world: World, approved: ExecAction): Promise<boolean> {
  const script = world.held.program.script;
  if (!script) return true;
  const now = await measureFile(script.measured.path);
  if (!now.ok) return false;
  await now.value.handle.close();
  return now.value.file.sha256 === approved.script?.sha256;
}
