// A packaged app that was started in a way which lets another program drive it shows the inbox and signs nothing: no fuse
// turns remote debugging off (security note 6.4), so the key is never opened in such a process.

import { fail } from '../../../shared/result.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import { lockedSentence } from './words.ts';

const NAMES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'js-flags',
  'no-sandbox',
  'disable-web-security',
  'load-extension',
  'password-store',
];

/** The switches of this start that make it a driven one, without their values. */
export function drivingSwitches(
  argv: readonly string[],
  hasSwitch: (name: string) => boolean,
): readonly string[] {
  const given = argv
    .filter((word) => word.startsWith('-'))
    .map((word) => word.replace(/^-+/, '').replace(/=.*$/s, '').toLowerCase());
  const inspecting = given.filter((name) => name.startsWith('inspect') || name === 'debug');
  const named = NAMES.filter((name) => given.includes(name) || hasSwitch(name));
  return [...new Set([...named, ...inspecting])];
}

/** The same app, whose key cannot be made, opened or used. */
export function lockedApp(app: ReviewerApp, switches: readonly string[]): ReviewerApp {
  const detail = lockedSentence(switches);
  const { answers } = app;
  return {
    ...app,
    answers: {
      ...answers,
      setup: {
        ...answers.setup,
        solo: async () => fail('failed', detail),
        join: async () => fail('failed', detail),
        confirmRoots: async () => fail('failed', detail),
      },
      key: { ...answers.key, unlock: async () => fail('failed', detail) },
      request: { ...answers.request, decide: async () => fail('locked', detail) },
    },
  };
}
