// A policy file with what lies beside it: `NAME.cedar`, `NAME.settings.json`, `NAME.cases.json`.

import { existsSync, readFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type CedarPolicy, openPolicy } from '../policy/cedar/engine.ts';
import type { Problem } from '../policy/cedar/problems.ts';
import { NO_SETTINGS, readSettings, type Settings } from '../policy/cedar/settings.ts';
import { plain } from './voice.ts';

export type PolicyFile = {
  readonly file: string;
  readonly text: string;
  readonly settings: Settings;
  readonly settingsFile: string | undefined;
  readonly settingsSha256: string | undefined;
  readonly settingsBytes: Uint8Array | undefined;
  readonly opened:
    | { readonly ok: true; readonly value: CedarPolicy }
    | { readonly ok: false; readonly problems: readonly Problem[] };
};

export const besides = (file: string, what: 'settings' | 'cases'): string =>
  `${file.replace(/\.cedar$/, '')}.${what}.json`;

/** 'unreadable' with one sentence; a policy with problems is opened, with its problems. */
export function readPolicyFile(
  file: string,
  settingsFile: string | undefined,
): Result<PolicyFile, 'unreadable'> {
  const bytes = readBytes(file);
  if (!bytes.ok) return bytes;
  const beside =
    settingsFile ?? (existsSync(besides(file, 'settings')) ? besides(file, 'settings') : undefined);
  const settings = beside === undefined ? undefined : settingsIn(beside);
  if (settings?.ok === false) return settings;
  const known = settings?.value.settings ?? NO_SETTINGS;
  return ok({
    file,
    text: new TextDecoder().decode(bytes.value),
    settings: known,
    settingsFile: beside,
    settingsSha256: settings?.value.sha256,
    settingsBytes: settings?.value.bytes,
    opened: openPolicy(bytes.value, { name: file, settings: known }),
  });
}

function settingsIn(file: string) {
  const bytes = readBytes(file);
  if (!bytes.ok) return bytes;
  const read = readSettings(bytes.value);
  return read.ok
    ? ok({ ...read.value, bytes: bytes.value })
    : fail('unreadable' as const, `${plain(file)}: ${plain(read.detail ?? '')}`);
}

export function readBytes(file: string): Result<Uint8Array, 'unreadable'> {
  try {
    return ok(new Uint8Array(readFileSync(file)));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const says = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
    return fail('unreadable', `${plain(file)}: ${says}`);
  }
}
