// How the keyring's verbs speak: lines on stdout, one sentence on stderr where it did not work, secrets without an echo or
// from the file that COUNTERSIGN_PASSPHRASE_FILE names.

import { MIN_PASSPHRASE } from '../../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Machine } from '../../hosts/processes/machine.ts';
import { passphraseFromFile } from '../../hosts/terminal/key.ts';
import { openLines } from '../../hosts/terminal/lines.ts';
import { EXITS } from '../exits.ts';
import { plain } from '../voice.ts';
import { words } from './words.ts';

export type Talk = {
  readonly machine: Machine;
  /** Text that may come from others: control characters are shown, not sent. */
  readonly print: (line: string) => void;
  /** Says it on stderr and gives the exit status. */
  readonly refuse: (sentence: string, exit?: number) => number;
  /** Undefined: the person left. */
  readonly secret: (prompt: string) => Promise<Result<string | undefined, 'file'>>;
  readonly newSecret: () => Promise<Result<string | undefined, 'file'>>;
  /** True for `yes`; false where nobody can be asked. */
  readonly agrees: (question: string) => Promise<boolean>;
};

export function openTalk(machine: Machine): Talk {
  const { output, errors } = machine.terminal;
  const print = (line: string): void => void output.write(`${plain(line)}\n`);
  const ask = async (
    prompts: readonly string[],
    hidden: boolean,
  ): Promise<readonly (string | undefined)[]> => {
    const lines = openLines(machine.terminal);
    try {
      const answers: (string | undefined)[] = [];
      for (const prompt of prompts) answers.push(await lines.ask(prompt, { hidden }));
      return answers;
    } finally {
      lines.close();
    }
  };
  const longEnough = (text: string): Result<string, 'file'> =>
    Array.from(text).length >= MIN_PASSPHRASE ? ok(text) : fail('file', words.tooShort);
  return {
    machine,
    print,
    refuse: (sentence, exit = EXITS.refused) => {
      errors.write(`countersign: ${plain(sentence)}\n`);
      return exit;
    },
    secret: async (prompt) => {
      const given = passphraseFromFile(machine.env);
      if (!given.ok || given.value !== undefined) return given;
      const [typed] = await ask([prompt], true);
      return ok(typed === '' ? undefined : typed);
    },
    newSecret: async () => {
      const given = passphraseFromFile(machine.env);
      if (!given.ok) return given;
      if (given.value !== undefined) return longEnough(given.value);
      const [first, second] = await ask([words.newPassphrase, words.again], true);
      if (first === undefined || first === '') return ok(undefined);
      return first === second ? longEnough(first) : fail('file', words.notTheSame);
    },
    agrees: async (question) => {
      if (machine.terminal.input.isTTY !== true) return false;
      const [answer] = await ask([question], false);
      return answer?.trim() === 'yes';
    },
  };
}
