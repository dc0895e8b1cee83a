// Every fuse of Electron, decided (security note 6.2). The type is made from the fuses themselves: one more in a newer
// Electron is a compile error until somebody decides it. Written before signing, and read back from the packed program.

import {
  type FuseConfig,
  FuseV1Options,
  FuseVersion,
  flipFuses,
  getCurrentFuseWire,
} from '@electron/fuses';

export type EveryFuse = { readonly [fuse in keyof typeof FuseV1Options]: boolean };

/** `test` is the same program, except that a test may drive it. It is never given to anybody. */
export type Flavour = 'release' | 'test';

export type System = 'linux' | 'mac' | 'win';

export function fusesOf(flavour: Flavour, system: System): EveryFuse {
  return {
    // The app's program is not a Node for whoever finds it on the machine.
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    // Playwright drives a packed app through the inspector.
    EnableNodeCliInspectArguments: flavour === 'test',
    EnableCookieEncryption: true,
    // Linux has no such check: saying "on" there would promise what does not happen.
    EnableEmbeddedAsarIntegrityValidation: system !== 'linux',
    OnlyLoadAppFromAsar: true,
    // On without a snapshot of our own, the app does not start.
    LoadBrowserProcessSpecificV8Snapshot: false,
    // The window comes from a scheme of its own, nothing from file://.
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  };
}

const ON = '1'.charCodeAt(0);
const OFF = '0'.charCodeAt(0);

/** What the program holds; a fuse that its Electron does not have yet is absent. */
export async function readFuses(program: string): Promise<ReadonlyMap<string, boolean>> {
  const wire: Readonly<Record<string, unknown>> = await getCurrentFuseWire(program);
  return new Map(
    Object.entries(wire)
      .filter(([, state]) => state === ON || state === OFF)
      .map(([index, state]) => [FuseV1Options[Number(index)] ?? index, state === ON]),
  );
}

/** Flips all of them. Returns those that this Electron is too old to have; throws when it has one nobody decided. */
export async function writeFuses(
  program: string,
  fuses: EveryFuse,
  resetAdHocDarwinSignature: boolean,
): Promise<readonly string[]> {
  const held = await readFuses(program);
  const decided = Object.entries(fuses).filter(([name]) => held.has(name));
  const wire = Object.fromEntries(
    decided.map(([name, on]) => [(FuseV1Options as Readonly<Record<string, unknown>>)[name], on]),
  );
  const config = {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature,
    ...wire,
  };
  // The strict type wants all nine, and an older Electron refuses the ninth: `decided` is all that this program has.
  await flipFuses(program, config as FuseConfig);
  return Object.keys(fuses).filter((name) => !held.has(name));
}
