// The passphrase outside a window: from COUNTERSIGN_PASSPHRASE_FILE for machines, else asked without echo. The file must be
// this user's alone, or it is refused in one sentence. A passphrase is never in an argument or a variable's value.

import { textOf } from '../../../shared/bytes.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { readPrivate } from '../../state/atomic-file.ts';
import type { Lines } from './lines.ts';
import * as words from './words.ts';

const MAX_BYTES = 4096;

/** Undefined where the variable is not set. One line end at the file's end is not part of the passphrase. */
export function passphraseFromFile(env: {
  readonly [name: string]: string | undefined;
}): Result<string | undefined, 'file'> {
  const path = env['COUNTERSIGN_PASSPHRASE_FILE'];
  if (path === undefined || path === '') return ok(undefined);
  const bytes = readPrivate(path, MAX_BYTES);
  if (!bytes.ok) return fail('file', `COUNTERSIGN_PASSPHRASE_FILE: ${bytes.detail}`);
  const text = textOf(bytes.value)?.replace(/\r?\n$/, '');
  if (text !== undefined && text !== '') return ok(text);
  return fail('file', `COUNTERSIGN_PASSPHRASE_FILE: ${path} holds no passphrase`);
}

/** Sets up on a first run, else unlocks; says nothing. */
export async function openKey(bridge: Bridge, passphrase: string): Promise<Result<void, 'key'>> {
  const { key } = await bridge.app.snapshot({});
  if (key.state === 'unlocked') return ok(undefined);
  if (key.state === 'locked') {
    const unlocked = await bridge.key.unlock({ passphrase });
    if (unlocked.ok) return ok(undefined);
    return fail('key', words.unlockSays(unlocked.code));
  }
  const { id, name } = await bridge.setup.suggestion({});
  const made = await bridge.setup.solo({ id, name, passphrase });
  if (made.ok || made.code === 'done') return ok(undefined);
  const why = made.detail ?? words.FAILED;
  return fail('key', made.code === 'passphraseTooShort' ? words.TOO_SHORT : why);
}

/** Asks twice for a new one. False when the input ended, or when the window was first (`signal`). */
export async function setUpByAsking(
  bridge: Bridge,
  lines: Lines,
  signal?: AbortSignal,
): Promise<boolean> {
  const asking = signal === undefined ? { hidden: true } : { hidden: true, signal };
  for (;;) {
    const first = await lines.ask(words.ASK_NEW, asking);
    const second = first === undefined ? undefined : await lines.ask(words.ASK_AGAIN, asking);
    if (first === undefined || second === undefined) {
      if (signal?.aborted === true) lines.print(words.SET_UP_ELSEWHERE);
      return false;
    }
    if (first !== second) lines.print(words.NOT_THE_SAME);
    else {
      const made = await openKey(bridge, first);
      lines.print(made.ok ? words.SET_UP : (made.detail ?? words.FAILED));
      if (made.ok) return true;
    }
  }
}

const TRIES = 3;

/** Asks until it fits, three times at most. */
export async function unlockByAsking(bridge: Bridge, lines: Lines): Promise<boolean> {
  for (let n = 0; n < TRIES; n += 1) {
    const passphrase = await lines.ask(words.ASK_PASSPHRASE, { hidden: true });
    if (passphrase === undefined) return false;
    const unlocked = await bridge.key.unlock({ passphrase });
    if (unlocked.ok) {
      lines.print(words.UNLOCKED);
      return true;
    }
    lines.print(words.unlockSays(unlocked.code));
    if (unlocked.code !== 'wrongPassphrase') return false;
  }
  return false;
}
