// Cedar's own program, loaded when the first Cedar policy is opened and not before: a guard under `hold-everything` never
// pays the 25 ms. The `nodejs` export reads its WebAssembly from beside itself, so the package stays outside the bundle.

import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

export type CedarWasm = typeof Cedar;
export type { DetailedError, EntityJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';

export function loadCedar(): CedarWasm {
  const load = createRequire(import.meta.url);
  // `require` has no types; the package's own declaration file says what this module is.
  return load('@cedar-policy/cedar-wasm/nodejs') as CedarWasm;
}
