// A process of its own that takes uses of one grant, as many as it gets, when it is told to: `node grant-use-child.ts GUARD_FOLDER`.

import { openGrantUses } from '../../main/guard/state/grant-uses.ts';
import { termsOfRace } from './grant-race.ts';

const [, , guard = ''] = process.argv;
process.stdin.once('data', () => {
  const uses = openGrantUses({ guard });
  const taken: string[] = [];
  for (;;) {
    const use = uses.take(termsOfRace, 'a'.repeat(64), Date.now());
    if (!use.ok) {
      taken.push(use.code);
      break;
    }
    taken.push(String(use.value));
  }
  process.stdout.write(taken.join(' '));
  process.stdin.destroy();
});
process.stdout.write('ready\n');
