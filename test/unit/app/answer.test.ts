// One call from outside: only the contract's own names, only input that fits it, and never an error's text.

import { describe, expect, test } from 'vitest';
import { answerCall } from '../../../main/app/answer.ts';
import { type Answers, CONTRACT } from '../../../shared/ipc/contract.ts';
import { fakeApp } from '../hosts/fake-app.ts';
import { WINDOW } from './world.ts';

const DIGEST = 'a'.repeat(64);
const journal: string[] = [];
const call = (name: string, input: unknown = {}, answers: Answers = fakeApp('secret').answers) =>
  answerCall(answers, name, input, WINDOW, { note: (line) => void journal.push(line) });

describe('a call from outside', () => {
  test.each([
    '',
    '.',
    'app',
    'app.',
    '.snapshot',
    'app.snapshot.more',
    'app.changed',
    'app.nothing',
    '__proto__.snapshot',
    'app.__proto__',
    'app.constructor',
    'constructor.constructor',
    'app.toString',
    'app.hasOwnProperty',
    'toString.call',
    'APP.SNAPSHOT',
    'app snapshot',
  ])('of the name %j is no call', async (name) => {
    expect(await call(name)).toEqual({ failed: 'unknownCall' });
  });

  test.each([
    ['app.snapshot', null],
    ['app.snapshot', []],
    ['app.snapshot', { more: 1 }],
    ['app.snapshot', JSON.parse('{"__proto__":{"x":1}}')],
    ['request.open', {}],
    ['request.open', { digest: DIGEST.toUpperCase() }],
    ['request.open', { digest: `${DIGEST}\n` }],
    ['request.gesture', { digest: DIGEST, what: 'approved' }],
    ['request.decide', { digest: DIGEST, verdict: 'maybe', viewSha256: DIGEST }],
    ['request.decide', { digest: DIGEST, verdict: 'approve', viewSha256: DIGEST, at: 0 }],
    [
      'request.decide',
      { digest: DIGEST, verdict: 'approve', viewSha256: DIGEST, reason: 'x'.repeat(2001) },
    ],
    [
      'request.decide',
      { digest: DIGEST, verdict: 'approve', viewSha256: DIGEST, surface: 'window' },
    ],
    ['key.unlock', { passphrase: 'x'.repeat(1025) }],
    ['history.page', { limit: 0 }],
    ['history.page', { limit: 201 }],
    ['history.page', { limit: 1.5 }],
  ])('%s with %j is bad input', async (name, input) => {
    expect(await call(name, input)).toEqual({ failed: 'badInput' });
  });

  test('every call of the contract is known', async () => {
    for (const [group, members] of Object.entries(CONTRACT))
      for (const [name, member] of Object.entries(members)) {
        const answer = await call(`${group}.${name}`, 7);
        expect(answer).toEqual({ failed: member.kind === 'call' ? 'badInput' : 'unknownCall' });
      }
  });

  test('that meets a bug answers internal, and the text goes to the journal alone', async () => {
    const { answers } = fakeApp('secret');
    const broken: Answers = {
      ...answers,
      app: { snapshot: () => Promise.reject(new Error('the secret of /home/maya')) },
    };
    expect(await call('app.snapshot', {}, broken)).toEqual({ failed: 'internal' });
    expect(journal.at(-1)).toBe('app.snapshot: the secret of /home/maya');
  });

  test('never gives what does not fit the contract', async () => {
    const app = fakeApp('secret');
    const more = async () => ({ ...(await app.answers.app.snapshot({}, WINDOW)), secret: 1 });
    // The extra member is what a bug would add: the type does not know it.
    const answers = { ...app.answers, app: { snapshot: more } } as Answers;
    expect(await call('app.snapshot', {}, answers)).toEqual({ failed: 'internal' });
  });
});
