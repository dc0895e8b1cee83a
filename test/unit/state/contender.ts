// A process of its own for the races: it says it is ready, waits for its input to end, tries once, prints what came of it.

import { Buffer } from 'node:buffer';
import { createExclusive } from '../../../main/state/atomic-file.ts';
import { raiseMark, readMarks } from '../../../main/state/high-mark.ts';
import { loadOrCreateKey } from '../../../main/state/key-file.ts';

const [what = '', path = '', number = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
for await (const _chunk of process.stdin);
process.stdout.write(`${attempt()}\n`);

function attempt(): string {
  if (what === 'claim') {
    const claimed = createExclusive(path, Buffer.from(String(process.pid)));
    return claimed.ok ? claimed.value : claimed.code;
  }
  if (what === 'key') {
    const key = loadOrCreateKey(path);
    return key.ok ? key.value.keyId : key.code;
  }
  const next = { number: Number(number), bytes: Buffer.from(`size ${number}`) };
  for (;;) {
    const seen = readMarks(path, 'checkpoint');
    if (!seen.ok) return seen.code;
    const raised = raiseMark(path, 'checkpoint', seen.value, next);
    if (raised.ok) return raised.value;
    if (raised.code !== 'raced') return raised.code;
  }
}
