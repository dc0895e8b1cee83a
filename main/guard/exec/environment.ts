// The child's environment, built from nothing: an allow-list, plus what `--env` and `--secret` name. Everything that
// reaches the child is in the action, values in the open or, for secrets, as an HMAC under a guard-local key.
// LD_PRELOAD, NODE_OPTIONS, BASH_ENV, GIT_* and the like change what a program does: they pass only when named.

import { createHmac } from 'node:crypto';
import { utf8 } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ExecAction } from '../../../shared/statement/action.ts';
import { rawOfText } from '../../../shared/statement/text.ts';
import { type Attached, longValue } from './long-value.ts';
import { withoutNpm } from './npm-traces.ts';

const ALLOWED = /^(PATH|HOME|LANG|LANGUAGE|LC_[A-Z]+|TERM|TZ|USER|LOGNAME|SHELL|TMPDIR|COLORTERM)$/;
// Without it, Core Foundation asks the directory service for the text encoding at each start.
const ALLOWED_DARWIN = /^__CF_USER_TEXT_ENCODING$/;
// Without these, Windows programs find neither their libraries nor their profile.
const ALLOWED_WIN32 =
  /^(SystemRoot|SystemDrive|WinDir|ComSpec|PathExt|UserProfile|AppData|LocalAppData|ProgramData|ProgramFiles|ProgramFiles\(x86\)|Temp|Tmp|UserName|UserDomain|HomeDrive|HomePath|OS|Processor_Architecture|Number_Of_Processors)$/i;

export type Passes = {
  /** `NAME` or `NAME=VALUE`, as given after each `--env`. */
  readonly shown: readonly string[];
  /** `NAME`, as given after each `--secret`. */
  readonly secrets: readonly string[];
};

export type ChildEnvironment = {
  readonly childEnv: Readonly<Record<string, string>>;
  readonly secretNames: ReadonlySet<string>;
};

/** Reads no state, so that the program can be resolved on its PATH before any key is opened. */
export function childEnvironment(
  env: NodeJS.ProcessEnv,
  passes: Passes,
  platform: NodeJS.Platform,
): Result<ChildEnvironment, 'usage'> {
  const own = withoutNpm(env, platform);
  const child = new Map<string, string>();
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && allowed(name, platform)) child.set(name, value);
  }
  const shownNames = new Set<string>();
  for (const word of passes.shown) {
    const cut = word.indexOf('=');
    const name = cut < 0 ? word : word.slice(0, cut);
    const value = cut < 0 ? own[name] : word.slice(cut + 1);
    if (!usableName(name)) return fail('usage', `--env ${word}: not a variable's name`);
    if (value === undefined) return fail('usage', `--env ${name}: it is not set here`);
    child.set(name, value);
    shownNames.add(name);
  }
  for (const name of passes.secrets) {
    const value = own[name];
    if (!usableName(name)) return fail('usage', `--secret ${name}: not a variable's name`);
    if (/^path$/i.test(name))
      return fail('usage', '--secret PATH: it picks the program, so it is shown');
    if (shownNames.has(name)) return fail('usage', `${name} is given to both --env and --secret`);
    if (value === undefined) return fail('usage', `--secret ${name}: it is not set here`);
    child.set(name, value);
  }
  const sorted = [...child].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return ok({ childEnv: Object.fromEntries(sorted), secretNames: new Set(passes.secrets) });
}

/** The action's entries, sorted by name in UTF-16 code units. Values over 4 KiB are added to `attached`. */
export function environmentEntries(
  environment: ChildEnvironment,
  secretKey: Uint8Array,
  attached: Attached,
): ExecAction['env'] {
  return Object.entries(environment.childEnv).map(([name, value]) =>
    environment.secretNames.has(name)
      ? { name: rawOfText(name), secret: secretDigest(secretKey, name, value) }
      : { name: rawOfText(name), value: longValue(value, attached) },
  );
}

// The name is part of it, so that one value under two names cannot be recognised.
const secretDigest = (key: Uint8Array, name: string, value: string): string =>
  createHmac('sha256', key)
    .update(utf8(`${name}=${value}`))
    .digest('hex');

const usableName = (name: string): boolean => name !== '' && !/[=\0]/.test(name);

const allowed = (name: string, platform: NodeJS.Platform): boolean =>
  (platform === 'win32'
    ? ALLOWED_WIN32.test(name)
    : platform === 'darwin' && ALLOWED_DARWIN.test(name)) ||
  ALLOWED.test(platform === 'win32' ? name.toUpperCase() : name);
