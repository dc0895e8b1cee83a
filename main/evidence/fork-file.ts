// Evidence of a fork by itself, or in the alarm file of an app that met one: does it convict the log that it names?

import { ForkEvidence } from '../../shared/statement/fork.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { judgeFork } from '../trust/fork.ts';
import { isObject } from '../trust/members.ts';
import { parseVkey } from '../trust/vkey.ts';

export type ForkReport = {
  readonly verified: boolean;
  readonly origin: string;
  /** Of the log's key: to be compared with the keyring's, where `known` is false. */
  readonly logKey: string;
  readonly vkey: string;
  /** The auditor had given this very key. */
  readonly known: boolean;
  readonly sizes: readonly [number, number] | undefined;
  readonly heads: readonly [string, string];
  readonly foundAt: string;
  readonly why: string | undefined;
};

/** 'fork': the text is no such evidence at all. `vkey`: the log's key as the auditor has it, where that is known. */
export function verifyFork(text: string, vkey: string | undefined): Result<ForkReport, 'fork'> {
  const value = jsonOf(text);
  const inside = isObject(value) && 'fork' in value ? value['fork'] : value;
  const parsed = ForkEvidence.safeParse(inside);
  if (!parsed.success)
    return fail(
      'fork',
      isObject(value) && 'notes' in value
        ? 'this alarm has no evidence that convicts by itself'
        : 'neither a bundle nor evidence of a fork',
    );
  const { log, first, second, foundAt } = parsed.data;
  const key = parseVkey(log.vkey);
  const other = vkey !== undefined && vkey !== log.vkey;
  const judged = judgeFork(parsed.data, vkey ?? log.vkey);
  return ok({
    verified: judged.ok && !other,
    origin: key.ok ? key.value.name : log.origin,
    logKey: key.ok ? key.value.key.keyId : '',
    vkey: log.vkey,
    known: vkey !== undefined && !other,
    sizes: judged.ok ? [judged.value.first, judged.value.second] : undefined,
    heads: [first, second],
    foundAt,
    why: other
      ? 'it is about another log than the roots given here name'
      : judged.ok
        ? undefined
        : 'the two heads do not show two histories of one log',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
