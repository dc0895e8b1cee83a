// Why a request waits, as a terminal says it under the card: the app's sentences, one a line, and nothing that could move a
// cursor.

import { expect, test } from 'vitest';
import { explained } from '../../../main/hosts/terminal/words.ts';

test('says what holds it, who is missing, what it takes, which rule, and the checks that apply', () => {
  expect(
    explained({
      headline: 'Held at tier high until 1 of dba and 1 of security have approved.',
      missing: ['1 of security is missing: bea or carl.'],
      takes: ['These are 2 different people.'],
      because: [
        { rule: 'deletes', says: 'It deletes something.', line: 5 },
        { rule: 'no-rule', says: 'No rule allows it.' },
      ],
      checks: [
        { name: 'ticket', outcome: 'failed', says: 'Ticket failed: none is named' },
        { name: 'hours', outcome: 'notApplicable', says: 'Working hours not applicable: no' },
      ],
      found: ['what it can do: delete'],
    }),
  ).toEqual([
    'Held at tier high until 1 of dba and 1 of security have approved.',
    '  1 of security is missing: bea or carl.',
    '  These are 2 different people.',
    '  Rule deletes, line 5: It deletes something.',
    '  Rule no-rule: No rule allows it.',
    '  Ticket failed: none is named',
  ]);
});

test('shows what could move the cursor as what it is', () => {
  const nothing = { missing: [], takes: [], checks: [], found: [] };
  const because = [{ rule: 'r', says: 'two\nlines' }];
  const said = explained({ ...nothing, headline: 'a\u001B[2Jb', because });
  for (const code of ['\u001B', '\n']) expect(said.join('')).not.toContain(code);
});
