// The few globals that Node, Chromium and a sandboxed preload all have, so that `shared` needs neither DOM nor node types.
// Seen by the compiler for `shared` alone: every other folder brings its own.

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(
    label?: 'utf-8',
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  );
  decode(input?: Uint8Array): string;
}
