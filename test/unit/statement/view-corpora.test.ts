// Commands that people publish: all of them are shown whole and come back, and none is too long to be approved.

import { describe, expect, test } from 'vitest';
import { commandsOf, type Corpus, report, tally } from '../../bench/corpora.ts';

describe.each(['gtfobins', 'tldr'] satisfies Corpus[])('%s', (corpus) => {
  const commands = commandsOf(corpus);
  if (!commands) console.warn(`SKIPPED: ../shared/corpora/${corpus}.json is not there`);

  test.skipIf(!commands)(
    'every command comes back from its text and few need expanding',
    () => {
      const sums = tally(commands ?? []);
      console.log(report(corpus, sums));
      expect(sums.commands).toBeGreaterThan(400);
      expect(sums.inverted).toBe(sums.commands);
      expect(sums.approvable).toBe(sums.commands);
      // Security note 5.2: at most 30 % marked as needing expanding.
      expect(sums.mustExpand / sums.commands).toBeLessThan(0.3);
    },
    30_000,
  );
});
