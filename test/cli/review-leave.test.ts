// Leaving `review` closes its connection, too: that is no word about the app having gone. Only an app that goes away by
// itself is.

import { expect, test } from 'vitest';
import { localBridge, servedBy } from '../../main/hosts/instance/local.ts';
import type { Lines } from '../../main/hosts/terminal/lines.ts';
import { runReview } from '../../main/hosts/terminal/review.ts';
import { APP_GONE } from '../../main/hosts/terminal/words.ts';
import { fakeApp } from '../unit/hosts/fake-app.ts';

/** A person who types these lines, on a connection that ends when the screen does, or when `gone` is called. */
async function review(typed: readonly string[], appGoes = false) {
  const printed: string[] = [];
  const closed = Promise.withResolvers<void>();
  const left = [...typed];
  const lines: Lines = {
    print: (text) => void printed.push(text),
    ask: async () => {
      if (appGoes) closed.resolve();
      // One turn later, so that whoever waits for the end hears it before the person does.
      await new Promise((resolve) => setImmediate(resolve));
      return left.shift();
    },
    size: () => undefined,
    close: () => closed.resolve(),
  };
  const bridge = localBridge(servedBy(fakeApp('x'), { note: () => {} }), {
    surface: 'terminal',
    caller: 'test',
  });
  const code = await runReview({ bridge, lines, closed: closed.promise });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, printed: printed.join('\n') };
}

test.each([[['quit']], [['list', 'q']], [[]]])(
  'typing %j leaves without a word about the app',
  async (typed) => {
    const { code, printed } = await review(typed);
    expect(code).toBe(0);
    expect(printed).not.toContain(APP_GONE);
  },
);

test('an app that goes away by itself is told, with 75', async () => {
  const { code, printed } = await review([], true);
  expect(code).toBe(75);
  expect(printed).toContain(APP_GONE);
});
