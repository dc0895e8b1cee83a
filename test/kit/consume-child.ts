// A process of its own that marks one approval as used when it is told to: `node consume-child.ts GUARD_FOLDER NONCE`.

import { consume } from '../../main/guard/state/consumed.ts';

const [, , guard = '', nonce = ''] = process.argv;
process.stdin.once('data', () => {
  const failed = consume({ guard }, nonce, 'b'.repeat(64));
  process.stdout.write(failed ? failed.code : 'used');
  process.stdin.destroy();
});
process.stdout.write('ready\n');
