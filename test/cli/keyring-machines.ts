// People with a machine each: a state folder, a passphrase, and the real command line run in this process, its words as a
// person types them. Files that they hand to each other lie in one folder.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { main } from '../../main/cli/main.ts';
import { type Machine, thisMachine } from '../../main/hosts/processes/machine.ts';
import { ROOT } from '../kit/app-home.ts';

export const PASSPHRASE = 'correct horse battery';
/** What in a command is a file of the shared folder. */
const FILE = /\.(pub|draft|keyring|join|pem|key)$/;

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export class Machines {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-keyring-'));
  readonly #stops = new Set<() => void>();

  state(person: string): string {
    return join(this.folder, `${person}-state`);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** `passphrase`: another than everybody else's. */
  machine(person: string, passphrase = PASSPHRASE, env: NodeJS.ProcessEnv = {}) {
    const out: string[] = [];
    const err: string[] = [];
    const file = join(this.folder, `${person}.passphrase`);
    writeFileSync(file, `${passphrase}\n`, { mode: 0o600 });
    const input = new PassThrough();
    input.end();
    const base = thisMachine(join(ROOT, 'out/main'));
    const machine: Machine = {
      ...base,
      env: {
        ...process.env,
        COUNTERSIGN_HOME: this.state(person),
        COUNTERSIGN_PASSPHRASE_FILE: file,
        ...env,
      },
      hostName: `${person}-host`,
      account: person,
      files: { ...base.files, store: join(ROOT, 'main/store.ts') },
      terminal: { input, output: sink(out), errors: sink(err) },
      onStop: (stop) => {
        this.#stops.add(stop);
        return () => this.#stops.delete(stop);
      },
    };
    return { machine, out, err };
  }

  async run(person: string, words: readonly string[], passphrase?: string): Promise<Ran> {
    const { machine, out, err } = this.machine(person, passphrase);
    const code = await main(this.#inFolder(words), process, machine);
    return { code, out: out.join(''), err: err.join('') };
  }

  /** Goes on by itself; `says` resolves with what was printed once it matches. */
  start(person: string, words: readonly string[]) {
    const { machine, out, err } = this.machine(person);
    const ended = main(this.#inFolder(words), process, machine).then(
      (code): Ran => ({ code, out: out.join(''), err: err.join('') }),
    );
    const says = async (pattern: RegExp): Promise<string> => {
      const until = Date.now() + 15_000;
      while (!pattern.test(out.join(''))) {
        if (Date.now() > until) throw new Error(`no ${pattern}: ${out.join('')}${err.join('')}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return out.join('');
    };
    return { ended, says };
  }

  #inFolder(words: readonly string[]): readonly string[] {
    return words.map((word) => {
      const own = word.startsWith('/') || word.startsWith('-') || !FILE.test(word);
      return own ? word : join(this.folder, word);
    });
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const sink = (parts: string[]): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk.toString('utf8'));
      done();
    },
  });
