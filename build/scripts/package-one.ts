// One package, in a process of its own, so that its output can be held back and its time limited:
// `package-one.ts '{"flavour":...,"system":...,"arch":...,"target":...}'`. Exits 0 once it is made.

import { Arch, build, Platform } from 'electron-builder';
import { OFFICIAL, packaging, type Runtime } from '../electron-builder.ts';
import type { Flavour, System } from '../fuses.ts';
import { ROOT } from './tool.ts';

export type Order = {
  readonly flavour: Flavour;
  readonly system: System;
  readonly arch: 'x64' | 'arm64';
  /** The builder's own name, `dir` for the unpacked tree. */
  readonly target: string;
  readonly runtime?: Runtime;
  /** A tree that is already packed. */
  readonly tree?: string;
};

const PLATFORMS = { linux: Platform.LINUX, mac: Platform.MAC, win: Platform.WINDOWS };
const ARCHITECTURES = { x64: Arch.x64, arm64: Arch.arm64 };

async function make(order: Order): Promise<void> {
  const { flavour, system, arch, target, runtime, tree } = order;
  await build({
    projectDir: ROOT,
    targets: PLATFORMS[system].createTarget([target], ARCHITECTURES[arch]),
    config: packaging(flavour, runtime ?? OFFICIAL),
    publish: 'never',
    ...(tree === undefined ? {} : { prepackaged: tree }),
  });
}

if (import.meta.main) {
  // Written by package.ts alone.
  await make(JSON.parse(process.argv[2] ?? '') as Order);
}
