// The XDG autostart entry (Desktop Application Autostart Specification): one file of ours in the person's own folder.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { utf8 } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { writeAtomic } from '../../state/atomic-file.ts';
import { errorCode } from '../../state/errno.ts';

type Where = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly homedir: string;
};

/** A relative XDG_CONFIG_HOME is ignored, as the base directory specification says. */
export function autostartPath({ env, homedir }: Where): string {
  const set = env['XDG_CONFIG_HOME'];
  const folder = set !== undefined && isAbsolute(set) ? set : join(homedir, '.config');
  return join(folder, 'autostart', 'countersign.desktop');
}

export const autostartEntry = (command: readonly string[]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Countersign',
    'Comment=Approve or deny what an agent asks for',
    `Exec=${command.map(execWord).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** On where the file is ours to the letter: one that names another program is not what this switch turned on. */
export function startsAtLogin(path: string, command: readonly string[]): boolean {
  try {
    return readFileSync(path, 'utf8') === autostartEntry(command);
  } catch {
    return false;
  }
}

/** A command with a line end or a NUL in it has no such entry. */
export function setAutostart(
  path: string,
  command: readonly string[],
  on: boolean,
): Result<void, 'io' | 'badCommand'> {
  try {
    if (!on) {
      rmSync(path, { force: true });
      return ok(undefined);
    }
    if (command.some((word) => /[\n\r\0]/.test(word))) return fail('badCommand');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return writeAtomic(path, utf8(autostartEntry(command)));
  } catch (error) {
    return fail('io', `${path}: ${errorCode(error)}`);
  }
}

/** Desktop Entry Specification, "The Exec key": quoted, with \ " ` $ escaped, `%` doubled, and \ doubled as in any string. */
const execWord = (word: string): string =>
  `"${word
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
