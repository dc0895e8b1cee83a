// Stands in for 7-Zip where a machine has none: of its commands the two that electron-builder gives it for a zip and for
// the outer layer of a tar.gz, done with `zip` and with Node's own gzip. Anything else it refuses.

import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export type ArchiveOrder = {
  readonly form: 'zip' | 'gzip';
  readonly output: string;
  readonly input: string;
  readonly level: number;
};

/** Throws one sentence about an argument that it does not know. */
export function readArchiveOrder(args: readonly string[]): ArchiveOrder {
  const [command, ...rest] = args;
  const switches = rest.filter((word) => word.startsWith('-'));
  const [output, input, ...more] = rest.filter((word) => !word.startsWith('-'));
  const strange = switches.find(
    (word) => !/^-(bd|mx=\d|mtc=off|mm=(Deflate|Copy)|mcu|snl)$/.test(word),
  );
  if (command !== 'a' || strange !== undefined || input === undefined || more.length > 0) {
    throw new Error(`"${args.join(' ')}" is not known here`);
  }
  const form = output?.endsWith('.zip') === true ? 'zip' : 'gzip';
  if (form === 'gzip' && output?.endsWith('.gz') !== true)
    throw new Error(`${output} is neither zip nor gzip`);
  const level = switches
    .map((word) => /^-mx=(\d)$/.exec(word)?.[1])
    .find((digit) => digit !== undefined);
  return { form, output: output ?? '', input, level: Number(level ?? 6) };
}

export async function makeArchive({ form, output, input, level }: ArchiveOrder): Promise<void> {
  if (form === 'zip') {
    execFileSync('zip', ['-q', '-r', '-y', `-${level}`, output, input]);
    return;
  }
  await pipeline(createReadStream(input), createGzip({ level }), createWriteStream(output));
}

if (import.meta.main) {
  await makeArchive(readArchiveOrder(process.argv.slice(2)));
}
