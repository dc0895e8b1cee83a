// Entry of `npm run demo`: four real actions in a scratch folder, each held until the person decides.

import { buildIfStale } from '../scripts/build.ts';
import { demo, STEPS } from './demo.ts';
import { parseOptions } from './options.ts';
import { stopOn } from './stop.ts';
import * as words from './words.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (!options.ok) {
    process.stderr.write(`countersign: ${options.detail ?? options.code}\n${words.USAGE}`);
    return 64;
  }
  if (options.value.show === 'usage') {
    process.stdout.write(words.USAGE);
    return 0;
  }
  if (options.value.show === 'list') {
    const lines = STEPS.map(({ id, title }, i) => `${words.listed(i + 1, id, title)}\n`);
    process.stdout.write(lines.join(''));
    return 0;
  }
  if ((await buildIfStale()) !== 0) return 78;
  const stop = stopOn(process);
  const code = await demo(options.value, stop);
  stop.forget();
  return code;
}
