// After signing on macOS: sends the app to Apple when there are credentials, and says in one line that it did not when
// there are none. Half a set of credentials is a mistake and stops the build.

import { join } from 'node:path';
import { type NotarizeOptions, notarize, type NotaryToolCredentials } from '@electron/notarize';
import type { AfterPackContext } from 'electron-builder';

type Env = { readonly [name: string]: string | undefined };

/** Each way to prove who asks, by the names electron-builder's own users know. */
const WAYS = {
  apiKey: ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
  password: ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
  keychain: ['APPLE_KEYCHAIN_PROFILE'],
} as const;

export const NOT_NOTARIZED =
  'not notarized: set APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER (or APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD and APPLE_TEAM_ID, or APPLE_KEYCHAIN_PROFILE)';

/** `undefined` without any; throws one sentence when a way is only half there. */
export function notaryCredentials(env: Env): NotaryToolCredentials | undefined {
  const set = (name: string): boolean => (env[name] ?? '') !== '';
  for (const names of Object.values(WAYS)) {
    const missing = names.filter((name) => !set(name));
    if (missing.length > 0 && missing.length < names.length) {
      throw new Error(`notarizing needs ${missing.join(' and ')} too`);
    }
  }
  const value = (name: string): string => env[name] ?? '';
  const [key, keyId, issuer] = WAYS.apiKey;
  if (set(key)) {
    return { appleApiKey: value(key), appleApiKeyId: value(keyId), appleApiIssuer: value(issuer) };
  }
  const [id, password, team] = WAYS.password;
  if (set(id)) {
    return { appleId: value(id), appleIdPassword: value(password), teamId: value(team) };
  }
  const [profile] = WAYS.keychain;
  return set(profile) ? { keychainProfile: value(profile) } : undefined;
}

type Notary = {
  readonly env: Env;
  readonly notarize: (options: NotarizeOptions) => Promise<void>;
  readonly say: (line: string) => void;
};

const APPLE: Notary = {
  env: process.env,
  notarize,
  say: (line) => void process.stdout.write(`countersign: ${line}\n`),
};

/** The builder's `afterSign`. It is not called for a build that nobody signed. */
export const notarizeSigned = (context: AfterPackContext): Promise<void> =>
  notarizeWith(APPLE, context);

export async function notarizeWith(
  notary: Notary,
  context: Pick<AfterPackContext, 'electronPlatformName' | 'appOutDir'> & {
    readonly packager: { readonly appInfo: { readonly productFilename: string } };
  },
): Promise<void> {
  if (context.electronPlatformName !== 'darwin') return;
  const credentials = notaryCredentials(notary.env);
  if (credentials === undefined) return notary.say(NOT_NOTARIZED);
  const appPath = join(context.appOutDir, `${context.packager.appInfo.productFilename}.app`);
  await notary.notarize({ ...credentials, appPath });
  notary.say(`notarized ${context.packager.appInfo.productFilename}.app`);
}
