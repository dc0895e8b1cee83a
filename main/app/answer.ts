// One call of the contract from outside: name and input are whatever a caller sent, so both are checked against the
// contract, and so is what goes back. A bug becomes `internal` and a line in the journal, never an error text.

import { type Answers, type Caller, CONTRACT } from '../../shared/ipc/contract.ts';
import type { Call, Contract } from '../../shared/ipc/define.ts';
import type { Journal } from './ports.ts';

export type Answered =
  | { readonly output: unknown }
  | { readonly failed: 'unknownCall' | 'badInput' | 'internal' };

type AnyAnswer = (input: unknown, caller: Caller) => Promise<unknown>;

export async function answerCall(
  answers: Answers,
  name: string,
  input: unknown,
  caller: Caller,
  journal: Journal,
): Promise<Answered> {
  const found = findCall(name);
  if (found === undefined) return { failed: 'unknownCall' };
  const parsed = found.call.input.safeParse(input);
  if (!parsed.success) return { failed: 'badInput' };
  // Answers is a total map over the contract's calls, and `found` is one of them.
  const groups = answers as unknown as { [group: string]: { [member: string]: AnyAnswer } };
  const answer = groups[found.group]?.[found.member];
  if (answer === undefined) return { failed: 'unknownCall' };
  try {
    const output = found.call.output.safeParse(await answer(parsed.data, caller));
    if (output.success) return { output: output.data };
    journal.note(`${name}: the answer does not fit the contract`);
  } catch (error) {
    journal.note(`${name}: ${error instanceof Error ? error.message : 'failed'}`);
  }
  return { failed: 'internal' };
}

function findCall(name: string): { group: string; member: string; call: Call } | undefined {
  const [group, member, ...rest] = name.split('.');
  if (group === undefined || member === undefined || rest.length > 0) return undefined;
  const contract: Contract = CONTRACT;
  if (!Object.hasOwn(contract, group) || !Object.hasOwn(contract[group] ?? {}, member))
    return undefined;
  const found = contract[group]?.[member];
  return found?.kind === 'call' ? { group, member, call: found } : undefined;
}
