// The words after `npm run demo --`, parsed.

import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';
import { STEP_IDS, type StepId } from './step.ts';
import * as words from './words.ts';

export type Options = {
  readonly show: 'demo' | 'list' | 'usage';
  readonly only: readonly StepId[];
  readonly keep: boolean;
};

/** 'usage' with one sentence. */
export function parseOptions(args: readonly string[]): Result<Options, 'usage'> {
  const parsed = parse(args);
  if (!parsed.ok) return parsed;
  const { values } = parsed;
  const asked = (values.only ?? '').split(',').filter((word) => word !== '');
  const only: StepId[] = [];
  for (const word of asked) {
    const id = STEP_IDS.find((one, i) => one === word || String(i + 1) === word);
    if (id === undefined) return fail('usage', words.badStep(word, numbered()));
    only.push(id);
  }
  const show = values.help ? 'usage' : values.list ? 'list' : 'demo';
  return ok({ show, only: only.length === 0 ? STEP_IDS : only, keep: values.keep ?? false });
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        list: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return { ok: true, values } as const;
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    return fail('usage', said.charAt(0).toLowerCase() + said.slice(1));
  }
}

const numbered = (): readonly string[] => STEP_IDS.map((id, i) => `${i + 1} ${id}`);
