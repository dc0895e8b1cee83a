// Nothing secret in a notification, whatever the request holds: by known shapes, and by chance over many requests.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { desiredNotices, type Track } from '../../../main/app/attention/desired.ts';
import { wholeView } from '../../../main/app/attention/must-see.ts';
import { redact } from '../../../main/app/attention/redact.ts';
import { DEFAULT_SETTINGS } from '../../../shared/ipc/settings.ts';
import type { Action, ExecAction } from '../../../shared/statement/action.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import { rawOfText } from '../../../shared/statement/text.ts';
import { headline } from '../../../shared/statement/view/headline.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';
import { row } from './attention-stage.ts';
import { handTime } from './hand-time.ts';

const SECRET = 'Zx9-q7Lw2Kp4Tr8V';
const LIMITS = {
  kind: 'linux',
  actions: true,
  maxBytes: 4000,
  maxLines: 60,
  columns: 200,
} as const;

describe('redact', () => {
  test.each([
    `--password=${SECRET}`,
    `--password ${SECRET}`,
    `--db-password "${SECRET} and more"`,
    `PGPASSWORD=${SECRET} psql`,
    `mysql -p${SECRET} shop`,
    `curl -u admin:${SECRET} x`,
    `-H "Authorization: Bearer ${SECRET}"`,
    `-H "X-Api-Key: ${SECRET}"`,
    `Bearer ${SECRET}`,
    `--header "Cookie: sid=${SECRET}; b=${SECRET}"`,
    `postgres://app:${SECRET}@db.example/shop`,
    `https://${SECRET}@github.com/acme/x`,
    `{"apiKey":"${SECRET}"}`,
    `token: ${SECRET}`,
    `--client-secret=${SECRET}`,
    `https://x.example/?access_token=${SECRET}`,
  ])('hides the secret of %s', (text) => {
    const out = redact(text, EXEC);
    expect(out).not.toContain(SECRET);
    expect(out).toContain('(hidden)');
  });

  test.each([
    ['ghp_', 'Ab3dEf6hIj9kLm2nOp5q'],
    ['sk-', 'Ab3dEf6hIj9kLm2nOp5q'],
    ['xoxb-', '123456-abcdef'],
    ['AKIA', 'IOSFODNN7EXAMPLE'],
    ['', 'Ab3dEf6hIj9kLm2nOp5qRs8t'],
    ['', 'deadbeefdeadbeefdeadbeefdeadbeef'],
  ])('hides a key that begins with %j', (prefix, rest) => {
    expect(redact(`deploy ${prefix}${rest} now`, EXEC)).toBe('deploy (hidden) now');
  });

  test.each([
    'run export.js customers',
    'run /srv/export/run.sh --table customers --limit 100',
    'git push origin main',
    'kubectl delete pod api-7f9c --namespace production',
    'ssh -p 22 build-7',
    'terraform apply -auto-approve',
  ])('leaves %s as it is', (text) => {
    expect(redact(text, { ...EXEC, env: [] })).toBe(text);
  });
});

const value = fc
  .stringMatching(/^[A-Za-z0-9!#%*+,./:=@^_~-]{8,60}$/)
  .filter((one) => /[A-Z0-9!]/.test(one) && !/^[0-9]{1,5}$/.test(one));
const secretWord = fc.constantFrom(
  (secret: string) => [`--password=${secret}`],
  (secret: string) => ['--token', secret],
  (secret: string) => ['-H', `Authorization: Bearer ${secret}`],
  (secret: string) => [`https://u:${secret}@example.com/`],
);

/** What stands on the screen for this action, at every level, with and without buttons. */
function textsOf(action: ExecAction): string {
  const time = handTime();
  const { policy } = requestOf(action);
  const request = requestOf(action, { policy: { ...policy, tier: 'low' }, attachments: [] });
  const payload = encodeStatement('request', request);
  const asked = row('low', time, { action, headline: headline({ action }) });
  const track = (mode: Track['mode'], level: Track['level']): Track => ({
    row: mode === 'held' ? { ...asked, others: 0 } : asked,
    mode,
    level,
    raisedAt: 0,
    leftUntil: 0,
    since: 0,
  });
  const tracks = [
    ...([0, 1, 2] as const).map((level) => track('own', level)),
    track('folded', 0),
    track('again', 0),
    track('held', 0),
  ];
  const notices = [true, false].flatMap((details) =>
    desiredNotices(tracks, {
      settings: { ...DEFAULT_SETTINGS, details },
      capabilities: LIMITS,
      whole: () => wholeView({ request, payload }, LIMITS),
      alarmed: true,
      quietUntil: time.clock.now(),
    }),
  );
  return notices.map(({ title, body }) => `${title}\n${body}`).join('\n');
}

const parts = (secret: string): string[] => {
  // Six characters of it in a row would already be telling.
  const length = 6;
  return Array.from({ length: Math.max(1, secret.length - length + 1) }, (_, i) =>
    secret.slice(i, i + length),
  );
};

describe('every notification', () => {
  test('holds no value of the environment, even where the command repeats it', () => {
    fc.assert(
      fc.property(value, fc.boolean(), (secret, repeated) => {
        const name = 'EXPORT_KEY';
        const action: ExecAction = {
          ...EXEC,
          env: [{ name, value: secret }],
          argv: repeated ? ['node', 'export.js', secret] : EXEC.argv,
        };
        const said = textsOf(action);
        expect(parts(secret).filter((part) => said.includes(part))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('holds no secret that an argument gives away by its shape', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9_~-]{10,40}$/);
    fc.assert(
      fc.property(
        plain,
        secretWord,
        fc.array(fc.constantFrom('-v', 'x', 'run'), { maxLength: 4 }),
        (secret, shape, before) => {
          const action: ExecAction = {
            ...EXEC,
            env: [],
            argv: ['node', 'export.js', ...before, ...shape(secret)],
          };
          const said = textsOf(action);
          expect(parts(secret).filter((part) => said.includes(part))).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('is plain ASCII, whatever the action is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.string({ maxLength: 80 }),
        (a, b) => {
          const action = {
            ...EXEC,
            argv: ['node', a, b].map((one) => rawOfText(one.toWellFormed())),
            env: [],
          };
          expect(textsOf(action)).toMatch(/^[\n\x20-\x7e]*$/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a view that is shown whole', () => {
  const of = (action: Action, limits = LIMITS) => {
    const request = requestOf(action, { attachments: [] });
    return wholeView({ request, payload: encodeStatement('request', request) }, limits);
  };
  const bare: ExecAction = { ...EXEC, env: [] };
  test('has every must-see line, and only where it fits', () => {
    const whole = of(bare);
    expect(whole?.text).toContain('Argument 2: "customers"');
    expect(whole?.text).toContain('Tier: medium');
    expect(of(bare, { ...LIMITS, maxLines: 5 } as never)).toBeUndefined();
    expect(of(bare, { ...LIMITS, maxBytes: 200 } as never)).toBeUndefined();
    // Each line would be broken into many.
    expect(of(bare, { ...LIMITS, maxLines: 20, columns: 10 } as never)).toBeUndefined();
  });
  test.each<[string, Partial<ExecAction>]>([
    ['the environment is among them', { env: [{ name: 'EXPORT_TABLE', value: 'customers' }] }],
    ['a server might take a sign for markup', { argv: ['node', 'a && b'] }],
    ['a character is not ASCII', { argv: ['node', 'straße'] }],
    ['something in it must be hidden', { argv: ['node', `--token=${SECRET}`] }],
  ])('is none where %s', (_, change) => {
    expect(of({ ...bare, ...change })).toBeUndefined();
  });
});
