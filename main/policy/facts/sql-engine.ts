// PostgreSQL's own parser (libpg-query, WebAssembly), loaded when the first SQL is met. Its loader is asynchronous, facts
// are not: it runs in a context whose promises settle before `runInContext` returns (node:vm, `microtaskMode`), so
// nothing has to be prepared by callers and who meets no SQL pays nothing. A parse that traps costs its instance.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** What is used of the module, by the names of libpg-query's own loader. */
type Engine = {
  readonly _malloc: (size: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _wasm_parse_query_raw: (query: number) => number;
  readonly _wasm_free_parse_result: (result: number) => void;
  readonly lengthBytesUTF8: (text: string) => number;
  readonly stringToUTF8: (text: string, pointer: number, size: number) => void;
  readonly UTF8ToString: (pointer: number) => string;
  readonly getValue: (pointer: number, type: 'i32') => number;
};

const kept: {
  files?: { readonly code: string; readonly wasm: Uint8Array };
  engine?: Engine | undefined;
} = {};

/** The parse tree as libpg-query's JSON; 'syntax' where PostgreSQL would not take it, 'engine' where it did not run. */
export function parsePostgres(text: string): Result<unknown, 'syntax' | 'engine'> {
  try {
    kept.engine ??= start();
    return parseWith(kept.engine, text);
  } catch {
    // Out of stack or memory, or a trap: the next query gets an instance that has seen nothing.
    kept.engine = undefined;
    return fail('engine', 'the SQL parser did not finish');
  }
}

function parseWith(engine: Engine, text: string): Result<unknown, 'syntax'> {
  const size = engine.lengthBytesUTF8(text) + 1;
  const query = engine._malloc(size);
  engine.stringToUTF8(text, query, size);
  const result = engine._wasm_parse_query_raw(query);
  // PgQueryParseResult: parse_tree, stderr_buffer, error.
  const tree = engine.getValue(result, 'i32');
  const failed = engine.getValue(result + 8, 'i32') !== 0;
  const json = failed || tree === 0 ? undefined : engine.UTF8ToString(tree);
  engine._free(query);
  engine._wasm_free_parse_result(result);
  return json === undefined ? fail('syntax', 'not PostgreSQL') : ok(JSON.parse(json));
}

/** Compiled and started inside the context, whose own promises and WebAssembly are the ones that settle at once. */
const START = `
PgQueryModule({
  instantiateWasm: (imports, done) => {
    done(new WebAssembly.Instance(new WebAssembly.Module(wasm), imports));
    return {};
  },
  print: () => undefined,
  printErr: () => undefined,
}).then((made) => give(made));
`;

function start(): Engine {
  const { code, wasm } = (kept.files ??= read());
  let engine: Engine | undefined;
  const give = (made: Engine): void => {
    engine = made;
  };
  const context = createContext({ wasm, give, TextDecoder }, { microtaskMode: 'afterEvaluate' });
  runInContext(`${code}\n${START}`, context);
  if (engine === undefined) throw new Error('the SQL parser did not start');
  return engine;
}

function read(): { readonly code: string; readonly wasm: Uint8Array } {
  const require = createRequire(import.meta.url);
  const code = readFileSync(require.resolve('libpg-query/wasm/libpg-query.js'), 'utf8');
  return { code, wasm: readFileSync(require.resolve('libpg-query/wasm/libpg-query.wasm')) };
}
