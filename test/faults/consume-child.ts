// Marks one approval as used, under whatever a test does to its system calls, and says `used` or the code of the refusal.
// argv: the guard's folder, the nonce.

import { writeSync } from 'node:fs';
import { consume } from '../../main/guard/state/consumed.ts';

const [, , guard = '', nonce = ''] = process.argv;
const failed = consume({ guard }, nonce, 'b'.repeat(64));
writeSync(1, `${failed?.code ?? 'used'}\n`);
