// `countersign evidence`: a range of this machine's own copy of the log as a bundle, read beside a running app. What is written
// is verified at once by the roots that this machine has pinned; a bundle that does not verify is kept, and said to be so.

import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyWords } from '../../shared/domain/key-words.ts';
import { keptAlarm } from '../app/alarm-file.ts';
import { collectEvidence, type Evidence } from '../app/evidence.ts';
import { openKeyringFile } from '../app/keyring-file.ts';
import { openStoreProcess } from '../app/store/client.ts';
import { rootSetOf } from '../trust/keyring.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { type Files, zipOf } from '../evidence/zip.ts';
import { childEnvironment } from '../hosts/processes/environment.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { type Home, openHome, stateHome } from '../state/home.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { type EvidenceOptions, parseEvidenceOptions } from './evidence-options.ts';
import { EXITS } from './exits.ts';
import { plain, say } from './voice.ts';

type Opened = { readonly home: Home; readonly keyring: HeldKeyring };

export async function evidenceCommand(words: readonly string[], machine: Machine): Promise<number> {
  const complain = (exit: number, line: string): number => {
    machine.terminal.errors.write(`countersign: ${line}\n`);
    return exit;
  };
  const options = parseEvidenceOptions(words, machine.clock.now());
  if (typeof options === 'string') return complain(EXITS.usage, say.usage(options));
  const opened = open(machine);
  if (typeof opened === 'string') return complain(EXITS.notConfigured, opened);
  const alarm = keptAlarm(opened.home);
  const store = await openStoreProcess({
    entry: machine.files.store,
    path: join(opened.home.app, 'replica.db'),
    env: childEnvironment(machine.env),
    execPath: machine.execPath,
    use: 'reader',
  });
  if (!store.ok) return complain(EXITS.notConfigured, say.broken(store.detail ?? store.code));
  try {
    const fork = typeof alarm === 'object' ? alarm.fork : undefined;
    const policy = openPolicyFiles(opened.home).read;
    const made = await collectEvidence({ store: store.value.store, fork, policy }, options.wish);
    if (!made.ok) return complain(1, say.noEvidence(made.detail ?? made.code));
    const written = write(options.out, made.value.files);
    if (typeof written === 'string') return complain(1, say.noEvidence(written));
    return tell(options, made.value, written.sha256, opened.keyring, machine);
  } finally {
    await store.value.store.close();
  }
}

function tell(
  { out, json }: EvidenceOptions,
  { files, from, to, entries }: Evidence,
  sha256: string | undefined,
  { keyring }: HeldKeyring,
  { terminal }: Machine,
): number {
  const rootSet = rootSetOf(keyring);
  const { verified, problems, failures } = verifyBundle(files, rootSet);
  const made = { out, from, to, entries, files: files.size, sha256, rootSet, verified, problems };
  if (json) terminal.output.write(`${JSON.stringify(made)}\n`);
  else {
    const digest = sha256 === undefined ? '' : `, sha256 ${sha256}`;
    const lines = [
      `${plain(out)}: ${from} to ${to} of the log, ${entries} entries with what they refer to, ${files.size} files${digest}`,
      `root set ${rootSet}`,
      `  ${keyWords(rootSet)}`,
      'whoever checks it needs the root set from you by another way than the file',
    ];
    terminal.output.write(`${lines.join('\n')}\n`);
  }
  if (verified) return 0;
  terminal.errors.write(`countersign: ${say.evidenceFails(failures)}\n`);
  return 1;
}

/** A string is the sentence of why there is nothing to read. */
function open(machine: Machine): Opened | string {
  const root = stateHome(machine.env, machine.platform, machine.homedir);
  if (!root.ok) return say.broken(root.detail ?? root.code);
  const home = openHome(root.value, { uid: machine.uid, create: false });
  if (!home.ok) return home.code === 'missing' ? say.noLog : say.broken(home.detail ?? home.code);
  const keyrings = openKeyringFile(home.value);
  return keyrings.ok ? { home: home.value, keyring: keyrings.value.held() } : say.noLog;
}

/** Private, whole or not there, and nothing that is there is replaced. */
function write(out: string, files: Files): { readonly sha256: string | undefined } | string {
  try {
    if (out.endsWith('.zip')) {
      const bytes = zipOf(files);
      const part = `${out}.part`;
      writeFileSync(part, bytes, { flag: 'wx', mode: 0o600, flush: true });
      try {
        // Unlike a rename, a link does not replace what is there.
        linkSync(part, out);
      } finally {
        rmSync(part, { force: true });
      }
      return { sha256: sha256Hex(bytes) };
    }
    mkdirSync(out, { mode: 0o700 });
    try {
      for (const [name, bytes] of files) {
        mkdirSync(dirname(join(out, name)), { recursive: true, mode: 0o700 });
        writeFileSync(join(out, name), bytes, { flag: 'wx', mode: 0o600 });
      }
    } catch (error) {
      rmSync(out, { recursive: true, force: true });
      throw error;
    }
    return { sha256: undefined };
  } catch (error) {
    return error instanceof Error ? error.message : `${out} cannot be written`;
  }
}
