import { validateAuthorizationArgs } from '@electron/notarize';
import { describe, expect, test } from 'vitest';
import { NOT_NOTARIZED, notarizeWith, notaryCredentials } from '../../../build/notarize.ts';

const KEY = { APPLE_API_KEY: '/k.p8', APPLE_API_KEY_ID: 'K', APPLE_API_ISSUER: 'I' };
const ID = { APPLE_ID: 'a@b', APPLE_APP_SPECIFIC_PASSWORD: 'p', APPLE_TEAM_ID: 'T' };

async function notarized(env: Record<string, string>, electronPlatformName: string) {
  const sent: unknown[] = [];
  const said: string[] = [];
  const notary = {
    env,
    notarize: async (options: unknown) => void sent.push(options),
    say: (line: string) => void said.push(line),
  };
  const packager = { appInfo: { productFilename: 'Countersign' } };
  await notarizeWith(notary, { electronPlatformName, appOutDir: '/out', packager });
  return { sent, said };
}

describe('notarizing', () => {
  test('sends the signed app with the credentials there are', async () => {
    const { sent, said } = await notarized(KEY, 'darwin');
    expect(sent).toEqual([
      {
        appPath: '/out/Countersign.app',
        appleApiKey: '/k.p8',
        appleApiKeyId: 'K',
        appleApiIssuer: 'I',
      },
    ]);
    expect(said).toEqual(['notarized Countersign.app']);
  });

  test('says in one line that it did not, and what it wants', async () => {
    const { sent, said } = await notarized({}, 'darwin');
    expect(sent).toEqual([]);
    expect(said).toEqual([NOT_NOTARIZED]);
    expect(NOT_NOTARIZED).not.toContain('\n');
  });

  test('is for macOS alone', async () => {
    for (const system of ['linux', 'win32']) {
      expect(await notarized(KEY, system)).toEqual({ sent: [], said: [] });
    }
  });

  test.each([KEY, ID, { APPLE_KEYCHAIN_PROFILE: 'p' }])('takes %j, as its library does', (env) => {
    const credentials = notaryCredentials(env);
    expect(credentials).toBeDefined();
    if (credentials !== undefined) validateAuthorizationArgs(credentials);
  });

  test('stops when half of the credentials are missing', () => {
    expect(() => notaryCredentials({ APPLE_ID: 'a@b', APPLE_TEAM_ID: 'T' })).toThrow(
      'APPLE_APP_SPECIFIC_PASSWORD',
    );
    expect(() => notaryCredentials({ ...KEY, APPLE_API_KEY: '' })).toThrow('APPLE_API_KEY');
  });
});
