// The swap attacks of security note 5.5 on an exec action: what each arranges, what it moves, and what the second
// measurement must say of it. Approved content ends in exit 0; anything else that runs is changed content.

import { copyFileSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import type { RefusalCode } from '../../shared/domain/refusals.ts';
import type { WorldSpec } from '../../main/guard/exec/world.ts';
import { specOf, type Surroundings, surroundings, type Yard } from '../unit/guard/exec/kit.ts';

export type Op = {
  readonly op: 'rename' | 'symlink' | 'link' | 'overwrite';
  readonly from: string;
  readonly to: string;
};

export type Scene = {
  readonly argv: readonly string[];
  readonly spec?: Partial<WorldSpec>;
  readonly ops: readonly Op[];
  readonly around?: Surroundings;
  /** Instead of file operations: what changes in this process. */
  readonly within?: () => void;
};

export type Attack = {
  readonly name: string;
  /** undefined: nothing refuses, and the approved bytes run. */
  readonly code: RefusalCode | undefined;
  /** By default, content that changes after the last look can still be read by path: counted, not asserted. */
  readonly open?: true;
  readonly arrange: (place: Yard) => Scene;
};

const exe = (place: Yard, name: string, from: string): string => {
  copyFileSync(from, place.at(name));
  return place.at(name);
};

const programs = (place: Yard): void => {
  exe(place, 'prog', '/bin/true');
  exe(place, 'evil', '/bin/false');
};

const scripts = (place: Yard, line: string): void => {
  writeFileSync(place.at('script'), `#!${line}\nexit 0\n`, { mode: 0o755 });
  writeFileSync(place.at('evil'), `#!${line}\nexit 1\n`, { mode: 0o755 });
};

const onProgram =
  (op: Op['op']) =>
  (place: Yard): Scene => {
    programs(place);
    return { argv: ['./prog'], ops: [{ op, from: place.at('evil'), to: place.at('prog') }] };
  };

const onScript =
  (op: Op['op'], argv: readonly string[]) =>
  (place: Yard): Scene => {
    scripts(place, '/bin/sh');
    return { argv, ops: [{ op, from: place.at('evil'), to: place.at('script') }] };
  };

const onInterpreter =
  (line: (place: Yard) => string) =>
  (place: Yard): Scene => {
    exe(place, 'interp', '/bin/sh');
    exe(place, 'other', '/bin/false');
    scripts(place, line(place));
    const path = `${place.work}:/usr/bin:/bin`;
    const around = { ...surroundings(place), env: { PATH: path } };
    const ops = [{ op: 'rename', from: place.at('other'), to: place.at('interp') }] as const;
    return { argv: ['./script'], ops, around };
  };

const data = (place: Yard): string => {
  writeFileSync(place.at('data'), 'good\n');
  writeFileSync(place.at('evil'), 'evil\n');
  return place.at('data');
};

export const ATTACKS: readonly Attack[] = [
  { name: 'rename over the program', code: 'programChanged', arrange: onProgram('rename') },
  { name: 'symbolic link over the program', code: 'programChanged', arrange: onProgram('symlink') },
  {
    name: 'program overwritten in place',
    code: 'programChanged',
    open: true,
    arrange: onProgram('overwrite'),
  },
  { name: 'hard link over the program', code: 'programChanged', arrange: onProgram('link') },
  {
    name: 'working folder renamed',
    code: 'folderChanged',
    arrange: (place) => {
      for (const [folder, from] of [
        ['here', '/bin/true'],
        ['there', '/bin/false'],
      ] as const) {
        mkdirSync(place.at(folder));
        exe(place, `${folder}/prog`, from);
        writeFileSync(place.at(`${folder}/script`), `#!/bin/sh\n./prog\n`, { mode: 0o755 });
      }
      const ops = [
        { op: 'rename', from: place.at('here'), to: place.at('gone') },
        { op: 'rename', from: place.at('there'), to: place.at('here') },
      ] as const;
      return { argv: ['./script'], ops, around: { ...surroundings(place), cwd: place.at('here') } };
    },
  },
  {
    name: 'another program earlier on PATH',
    code: 'programChanged',
    arrange: (place) => {
      programs(place);
      mkdirSync(place.at('first'));
      const around = {
        ...surroundings(place),
        env: { PATH: `${place.at('first')}:${place.work}` },
      };
      const ops = [{ op: 'rename', from: place.at('evil'), to: place.at('first/prog') }] as const;
      return { argv: ['prog'], ops, around };
    },
  },
  {
    name: 'environment changed',
    code: 'environmentChanged',
    arrange: (place) => {
      const around = surroundings(place, { WHAT: 'good' });
      const within = (): void => {
        around.env = { ...around.env, WHAT: 'evil' };
      };
      const argv = ['sh', '-c', 'test "$WHAT" = good'];
      return { argv, ops: [], around, within, spec: { passes: { shown: ['WHAT'], secrets: [] } } };
    },
  },
  {
    name: 'script edited in place',
    code: 'scriptChanged',
    open: true,
    arrange: onScript('overwrite', ['./script']),
  },
  {
    name: 'script renamed over',
    code: 'scriptChanged',
    open: true,
    arrange: onScript('rename', ['sh', 'script']),
  },
  {
    name: 'tool definition',
    code: undefined,
    // An exec action has none: nothing to arrange, nothing to move, the approved program runs.
    arrange: (place) => {
      programs(place);
      return { argv: ['./prog'], ops: [] };
    },
  },
  {
    name: 'stdin file changed',
    code: undefined,
    arrange: (place) => {
      const fd = openSync(data(place), 'r');
      const ops = [{ op: 'overwrite', from: place.at('evil'), to: place.at('data') }] as const;
      const argv = ['sh', '-c', 'read word; test "$word" = good'];
      return { argv, ops, spec: { stdin: { fd, choice: 'auto' } } };
    },
  },
  {
    name: 'input file changed',
    code: 'inputChanged',
    open: true,
    arrange: (place) => {
      data(place);
      const ops = [{ op: 'overwrite', from: place.at('evil'), to: place.at('data') }] as const;
      return { argv: ['grep', '-q', 'good', 'data'], ops, spec: { inputs: ['data'] } };
    },
  },
  {
    name: 'interpreter swapped',
    code: 'programChanged',
    arrange: onInterpreter((place) => place.at('interp')),
  },
  {
    name: 'interpreter of an env line swapped',
    code: 'programChanged',
    arrange: onInterpreter(() => '/usr/bin/env interp'),
  },
];

/** Empties the working folder and arranges the attack there. */
export function stage(
  place: Yard,
  attack: Attack,
  strict: boolean,
): { scene: Scene; spec: WorldSpec } {
  rmSync(place.work, { recursive: true, force: true });
  mkdirSync(place.work);
  const scene = attack.arrange(place);
  const around = scene.around ?? surroundings(place);
  return { scene, spec: specOf(place, scene.argv, { ...scene.spec, strict, around }) };
}
