// `countersign review` over streams in memory, against an app that keeps real state.

import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { localBridge, servedBy } from '../../../main/hosts/instance/local.ts';
import { openKey, passphraseFromFile, setUpByAsking } from '../../../main/hosts/terminal/key.ts';
import { openLines } from '../../../main/hosts/terminal/lines.ts';
import { showWhole } from '../../../main/hosts/terminal/page-text.ts';
import { runReview } from '../../../main/hosts/terminal/review.ts';
import { visible } from '../../../main/hosts/terminal/visible.ts';
import * as words from '../../../main/hosts/terminal/words.ts';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../state/scratch.ts';
import { type FakeApp, fakeApp } from './fake-app.ts';

const CALLER = { surface: 'terminal', caller: 'test' } as const;
const bridgeOf = (app: FakeApp) => localBridge(servedBy(app, { note: () => {} }), CALLER);

/** A terminal of 40 columns and 12 rows, or a pipe. */
function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 40, rows: 12 });
  let text = '';
  const waiting: { readonly part: string; readonly found: () => void }[] = [];
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const one of waiting) if (text.includes(one.part)) one.found();
  });
  return {
    input,
    output,
    all: () => text,
    clear: () => {
      text = '';
    },
    /** Resolves once the part was printed. */
    saw: (part: string) =>
      new Promise<void>((found) => {
        if (text.includes(part)) found();
        else waiting.push({ part, found });
      }),
  };
}

/** Feeds all commands as a pipe does. */
async function piped(app: FakeApp, ...commands: readonly string[]) {
  const screen = terminal(false);
  screen.input.end(`${commands.join('\n')}\n`);
  const code = await runReview({ bridge: bridgeOf(app), lines: openLines(screen) });
  return { code, text: screen.all() };
}

describe('review', () => {
  test('lists, shows the whole card, approves medium, and leaves', async () => {
    const app = fakeApp('x');
    const digest = app.add('medium');
    const { code, text } = await piped(app, 'list', 'next', 'approve', 'quit');
    expect(code).toBe(0);
    expect(text).toContain('1. [medium] node export.js customers 1');
    expect(text).toContain('customers');
    expect(text).toContain(words.done('approve', 'd'.repeat(64)));
    expect(app.intents).toMatchObject([{ digest, verdict: 'approve' }]);
    expect(app.gestures.map((one) => one.slice(9))).toEqual(['appeared', 'seenAll', 'gone']);
    expect(app.callers.every((one) => one.surface === 'terminal')).toBe(true);
  });

  test('denies with a reason, and without one', async () => {
    const app = fakeApp('x');
    app.add('critical');
    app.add('high');
    await piped(app, 'next', 'deny not tonight', 'next', 'deny', 'quit');
    expect(app.intents).toMatchObject([
      { verdict: 'deny', reason: 'not tonight' },
      { verdict: 'deny' },
    ]);
    expect(app.intents[1]).not.toHaveProperty('reason');
  });

  test('proposes other arguments, by number, and sends them with a denial', async () => {
    const app = fakeApp('x');
    const digest = app.add('medium');
    const { text } = await piped(
      app,
      'next',
      'change',
      'nonsense',
      '2 orders ⟦U+000A⟧now',
      '+0 --check',
      '-2',
      'send not the customers',
      'quit',
    );
    expect(text).toContain('2: “customers”');
    expect(text).toContain(words.CHANGE_HELP);
    expect(text).toContain('- Argument 2: “customers”');
    expect(app.intents).toMatchObject([
      {
        digest,
        verdict: 'deny',
        reason: 'not the customers',
        changes: {
          kind: 'exec',
          argv: ['node', '--check', { b64: Buffer.from('orders \nnow').toString('base64') }],
        },
      },
    ]);
  });

  test('sends no proposal that changes nothing, and none that was stopped', async () => {
    const app = fakeApp('x');
    app.add('medium');
    const { text } = await piped(app, 'next', 'change', 'send', '0 ⟦U+', 'stop', 'quit');
    expect(text).toContain(words.cannotPropose('nothing was changed'));
    expect(app.intents).toEqual([]);
  });

  test('high takes the typed name and a reason', async () => {
    const app = fakeApp('x');
    app.add('high');
    const { text } = await piped(
      app,
      'next',
      'approve',
      'customers',
      '',
      'approve',
      'customers',
      'asked for it',
    );
    expect(text).toContain(words.refusal.reasonMissing);
    expect(app.intents).toMatchObject([{ typed: 'customers', reason: 'asked for it' }]);
  });

  test('never approves critical, and nothing without a card on screen', async () => {
    const app = fakeApp('x');
    app.add('critical');
    const { text } = await piped(app, 'approve', 'next', 'approve', 'quit');
    expect(text).toContain(words.NO_CARD);
    expect(text).toContain(words.NO_CRITICAL);
    expect(app.intents).toEqual([]);
  });

  test('says why approve is off instead of asking the app', async () => {
    const app = fakeApp('x');
    app.patch(app.add('low'), { approveOff: 'agentGone', guardState: 'gone' });
    const { text } = await piped(app, 'next', 'approve', 'quit');
    expect(text).toContain(words.whyNot.agentGone);
    expect(app.intents).toEqual([]);
  });

  test('prints nothing raw from a request outside its card', async () => {
    const app = fakeApp('x');
    app.patch(app.add('low'), { title: 'rm \u001b[2J\u202e evil', agent: 'a\u0007b' });
    const { text } = await piped(app, 'list', 'quit');
    expect(text).toContain('rm \\u{1b}[2J\\u{202e} evil');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('bytes of another request are not shown', async () => {
    const app = fakeApp('x');
    app.add('low', { reason: 'the first' });
    const other = app.add('low', { reason: 'the second' });
    const { answers } = app;
    const lying: FakeApp = {
      ...app,
      answers: {
        ...answers,
        request: {
          ...answers.request,
          open: (_asked, caller) => answers.request.open({ digest: other }, caller),
        },
      },
    };
    const { text } = await piped(lying, 'show 1', 'approve', 'quit');
    expect(text).toContain(words.cardTrouble.bytesDiffer);
    expect(text).not.toContain('the second');
    expect(app.intents).toEqual([]);
  });

  test('the end of the input is a quit', async () => {
    expect((await piped(fakeApp('x'))).code).toBe(0);
  });
});

describe('in a terminal', () => {
  const start = (app: FakeApp, closed?: Promise<void>) => {
    const screen = terminal(true);
    const lines = openLines(screen);
    const options = closed === undefined ? {} : { closed };
    const ended = runReview({ bridge: bridgeOf(app), lines, ...options });
    return { ...screen, ended };
  };

  test('a card longer than the screen is not approved before its end', async () => {
    const app = fakeApp('x');
    app.add('medium');
    const { input, saw, ended, clear } = start(app);
    await saw(words.PROMPT);
    input.write('next\r');
    await saw(words.MORE);
    expect(app.gestures.map((one) => one.slice(9))).toEqual(['appeared']);
    clear();
    input.write('q\r');
    await saw(words.PROMPT);
    clear();
    input.write('approve\r');
    await saw(words.NOT_WHOLE);
    await saw(words.PROMPT);
    expect(app.intents).toEqual([]);
    input.write('quit\r');
    expect(await ended).toBe(0);
  });

  test('read on to its end, it is', async () => {
    const app = fakeApp('x');
    app.add('medium');
    const { input, saw, all, clear, ended } = start(app);
    await saw(words.PROMPT);
    input.write('next\r');
    for (;;) {
      await Promise.race([saw(words.MORE), saw('end of the card')]);
      if (!all().includes(words.MORE)) break;
      clear();
      input.write('\r');
    }
    await saw(words.PROMPT);
    clear();
    input.write('approve\r');
    await saw('Approved, and in the log');
    await saw(words.PROMPT);
    expect(app.intents).toHaveLength(1);
    input.write('quit\r');
    await ended;
  });

  test('tells what others do, and puts the prompt back', async () => {
    const app = fakeApp('x');
    const digest = app.add('low');
    const { input, saw, all, ended } = start(app);
    await saw(words.PROMPT);
    input.write('li');
    await saw('li');
    app.add('high');
    await saw('New: [high]');
    app.patch(digest, { guardState: 'gone' });
    await saw('The agent has gone');
    app.patch(digest, { stage: 'ended', how: 'withdrawn' });
    await saw('Ended, withdrawn');
    expect(all().slice(all().lastIndexOf('Ended'))).toContain(`${words.PROMPT}li`);
    input.write('\u0015quit\r');
    expect(await ended).toBe(0);
  });

  test('what was typed before the question is dropped', async () => {
    const screen = terminal(true);
    const lines = openLines(screen);
    screen.input.write('early\r');
    await new Promise((next) => setImmediate(next));
    const answer = lines.ask('? ');
    screen.input.write('late\r');
    expect(await answer).toBe('late');
    lines.close();
  });

  test('a passphrase is never echoed', async () => {
    const screen = terminal(true);
    const lines = openLines(screen);
    const answer = lines.ask('Passphrase: ', { hidden: true });
    screen.input.write('correct horse');
    lines.print('meanwhile');
    screen.input.write(' battery\r');
    expect(await answer).toBe('correct horse battery');
    const next = lines.ask('> ');
    screen.input.write('seen\r');
    await next;
    expect(screen.all()).not.toMatch(/correct|horse|battery/);
    expect(screen.all()).toContain('seen');
    lines.close();
  });

  test('ends with 75 when the app goes away', async () => {
    const gone = Promise.withResolvers<void>();
    const { saw, ended } = start(fakeApp('x'), gone.promise);
    await saw(words.PROMPT);
    gone.resolve();
    expect(await ended).toBe(75);
    await saw(words.APP_GONE);
  });
});

test('a long line goes on in the next row and is hashed as it was', async () => {
  const screen = terminal(true);
  const lines = openLines({ ...screen, output: Object.assign(screen.output, { rows: 100 }) });
  const text = `${'x'.repeat(95)}⟦${'y'.repeat(10)}\nshort\n`;
  const shown = await showWhole(text, lines, { more: '' });
  expect(shown).toEqual({ text, whole: true });
  const rows = screen.all().split('\n');
  expect(rows.every((row) => row.length <= 40)).toBe(true);
  expect(rows.join('')).toBe(text.replaceAll('\n', ''));
  lines.close();
});

test('refuses to print a card with a control character', async () => {
  const lines = openLines(terminal(false));
  await expect(showWhole('a\u001b[2J\n', lines, { more: '' })).rejects.toThrow('printable');
  lines.close();
});

describe('the passphrase', () => {
  test('comes from a file that is this user alone', () => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'p');
    writeFileSync(path, 'correct horse battery\n', { mode: 0o600 });
    const env = { COUNTERSIGN_PASSPHRASE_FILE: path };
    expect(passphraseFromFile(env)).toEqual({ ok: true, value: 'correct horse battery' });
    expect(passphraseFromFile({})).toEqual({ ok: true, value: undefined });
    chmodSync(path, 0o640);
    expect(passphraseFromFile(env)).toMatchObject({ ok: false, code: 'file' });
    expect(passphraseFromFile({ COUNTERSIGN_PASSPHRASE_FILE: `${path}x` })).toMatchObject({
      ok: false,
    });
    writeFileSync(path, '\n');
    chmodSync(path, 0o600);
    expect(passphraseFromFile(env)).toMatchObject({ ok: false });
  });

  test('sets up a first run, unlocks later, and says when it is wrong', async () => {
    const app = fakeApp(undefined);
    const bridge = bridgeOf(app);
    expect(await openKey(bridge, 'short')).toMatchObject({ ok: false, detail: words.TOO_SHORT });
    expect((await openKey(bridge, 'correct horse battery')).ok).toBe(true);
    await bridge.key.lock({});
    expect(await openKey(bridge, 'another horse')).toMatchObject({
      ok: false,
      detail: words.WRONG,
    });
    expect((await openKey(bridge, 'correct horse battery')).ok).toBe(true);
  });

  test('is asked twice, again when the two differ, and no more once the window was first', async () => {
    const app = fakeApp(undefined);
    const screen = terminal(false);
    const lines = openLines(screen);
    screen.input.write(
      'correct horse battery\nother\ncorrect horse battery\ncorrect horse battery\n',
    );
    expect(await setUpByAsking(bridgeOf(app), lines)).toBe(true);
    expect(screen.all()).toContain(words.NOT_THE_SAME);
    const made = new AbortController();
    const asked = setUpByAsking(bridgeOf(fakeApp(undefined)), lines, made.signal);
    made.abort();
    expect(await asked).toBe(false);
    expect(screen.all()).toContain(words.SET_UP_ELSEWHERE);
    lines.close();
  });
});

test('text from outside is one visible line of bounded length', () => {
  expect(visible('a\nb\u202e\u200bé漢')).toBe('a\\u{a}b\\u{202e}\\u{200b}é漢');
  expect(visible('x'.repeat(200), 10)).toBe('xxxxxxxxxx (190 more characters)');
});
