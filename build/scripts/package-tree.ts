// One unpacked tree of the app on a runtime that is already on this machine: what `npm run package` starts from, and what
// the specs of the packaged app start.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { OFFICIAL, packaging, type Runtime } from '../electron-builder.ts';
import type { Flavour, System } from '../fuses.ts';
import { ELECTRON } from '../product.ts';
import type { Tree } from './package-check.ts';
import { writeLicences } from './package-licences.ts';
import type { Order } from './package-one.ts';
import { type Ran, ROOT, run } from './tool.ts';

const ONE = resolve(import.meta.dirname, 'package-one.ts');

/** The official runtime where npm has fetched it. Found by its files: loading the package would start a download. */
export function officialRuntime(): Runtime | undefined {
  const folder = resolve(ROOT, 'node_modules/electron/dist');
  const version = join(folder, 'version');
  if (!existsSync(version)) return undefined;
  return readFileSync(version, 'utf8').trim().replace(/^v/, '') === ELECTRON
    ? { ...OFFICIAL, folder }
    : undefined;
}

/** The one that tests run on, by its program. */
export function testRuntime(program: string): Runtime {
  const folder = dirname(program);
  // Its mark begins with the version of what it was made from.
  const [version = ''] = readFileSync(join(folder, '.prepared'), 'utf8').split(' ');
  return { version, folder, label: 'on-test-runtime' };
}

/** Packs the flavour anew, for this machine's architecture unless another is named. */
export async function packTree(
  flavour: Flavour,
  system: System,
  runtime: Runtime,
  arch: 'x64' | 'arm64' = process.arch === 'arm64' ? 'arm64' : 'x64',
): Promise<Result<{ readonly tree: Tree; readonly seconds: number }, 'failed'>> {
  const output = resolve(ROOT, packaging(flavour, runtime).directories?.output ?? 'dist');
  rmSync(output, { recursive: true, force: true });
  writeLicences();
  const ran = await packOne({ flavour, system, arch, target: 'dir', runtime }, {});
  if (ran.code !== 0) return fail('failed', ran.output.slice(-3000));
  const name = readdirSync(output).find((file) => /unpacked$|^mac(-arm64)?$/.test(file));
  if (name === undefined) return fail('failed', `the builder left no tree in ${output}`);
  return ok({ tree: { flavour, system, arch, folder: join(output, name) }, seconds: ran.seconds });
}

/** `tools` are the variables by which the builder finds what it would download. */
export function packOne(order: Order, tools: Readonly<Record<string, string>>): Promise<Ran> {
  // Nobody downloads a package on the test runtime: made quickly instead of small.
  const quick =
    order.runtime?.label === undefined ? {} : { ELECTRON_BUILDER_COMPRESSION_LEVEL: '1' };
  return run(process.execPath, [ONE, JSON.stringify(order)], {
    quiet: true,
    limitSeconds: 900,
    env: { ...quick, ...tools },
  });
}
