// `countersign evidence`: a range of this machine's own copy of the log as a bundle, read beside a running app. What is written
// is verified at once by the roots that this machine has pinned; a bundle that does not verify is kept, and said to be so.

import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyWords } from '../../shared/domain/key-words.ts';
import { keptAlarm } from '../app/alarm-file.ts';
import { collectEvidence, type Evidence } from '../app/evidence.ts';
import { rootSetOf } from '../trust/keyring.ts';
import { verifyBundle } from '../evidence/verify.ts';
import { type Files, zipOf } from '../evidence/zip.ts';
import type { Machine } from '../hosts/processes/machine.ts';
import { errorCode } from '../state/errno.ts';
import { openPolicyFiles } from '../state/policy-files.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { EVIDENCE_USAGE, type EvidenceOptions, parseEvidenceOptions } from './evidence-options.ts';
import { EXITS } from './exits.ts';
import { openLogCopy } from './log-copies.ts';
import { plain, say } from './voice.ts';

export async function evidenceCommand(words: readonly string[], machine: Machine): Promise<number> {
  const complain = (exit: number, line: string): number => {
    machine.terminal.errors.write(`countersign: ${line}\n`);
    return exit;
  };
  if (words[0] === '--help' || words[0] === '-h') {
    machine.terminal.output.write(EVIDENCE_USAGE);
    return 0;
  }
  const options = parseEvidenceOptions(words, machine.clock.now());
  if (typeof options === 'string') return complain(EXITS.usage, say.usage(options));
  const opened = await openLogCopy(machine, options.log);
  if (!opened.ok) return complain(EXITS.notConfigured, opened.detail ?? opened.code);
  const { home, store, keyring } = opened.value;
  try {
    const alarm = keptAlarm(home);
    const found = typeof alarm === 'object' ? alarm.fork : undefined;
    // One of another epoch says nothing of this log.
    const fork = found?.log.vkey === keyring.keyring.log.vkey ? found : undefined;
    const policy = openPolicyFiles(home).read;
    const made = await collectEvidence({ store, fork, policy }, options.wish);
    if (!made.ok) return complain(1, say.noEvidence(made.detail ?? made.code));
    const written = write(options.out, made.value.files);
    if (typeof written === 'string') return complain(1, say.noEvidence(written));
    return tell(options, made.value, written.sha256, keyring, machine);
  } finally {
    await store.close();
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
  const { verified, problems, failures, about } = verifyBundle(files, rootSet);
  const { size, record } = about ?? {};
  const what = { out, from, to, size, entries, files: files.size, sha256, record };
  const made = { ...what, rootSet, verified, problems };
  if (json) terminal.output.write(`${JSON.stringify(made)}\n`);
  else {
    const digest = sha256 === undefined ? '' : `, sha256 ${sha256}`;
    const lines = [
      `${plain(out)}: ${from} to ${to} of the log, ${entries} entries with what they refer to, ${files.size} files${digest}`,
      ...(record === undefined
        ? []
        : [`record ${record} of ${from} to ${to} --at ${size}: the same from every machine`]),
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

function whyUnwritten(out: string, code: string): string {
  switch (code) {
    case 'EEXIST':
      return `${existsSync(out) ? out : `${out}.part`} is there already, and nothing that is there is replaced`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder that ${out} would lie in is not there`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${out} may not be written by this user`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no room for ${out}`;
    default:
      return `${out} cannot be written (${code})`;
  }
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
    return whyUnwritten(out, errorCode(error));
  }
}
