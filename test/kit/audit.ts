// An auditor: makes nothing but a bundle from one machine's folder, as `countersign evidence` does beside the app, and checks
// its file with nothing but the digest of the roots, as typed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectEvidence, type EvidenceWish } from '../../main/app/evidence.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { verifyCommand } from '../../main/cli/verify.ts';
import type { Report } from '../../main/evidence/verify.ts';
import { zipOf } from '../../main/evidence/zip.ts';
import type { Home } from '../../main/state/home.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';

export async function bundleOf(home: Home, wish: EvidenceWish = {}): Promise<Uint8Array> {
  const opened = openAppStore(join(home.app, 'replica.db'), Date.now());
  if (!opened.ok) throw new Error(opened.detail);
  try {
    const policy = openPolicyFiles(home).read;
    const made = await collectEvidence({ store: opened.value.store, policy }, wish);
    if (!made.ok) throw new Error(made.detail ?? made.code);
    return zipOf(made.value.files);
  } finally {
    await opened.value.store.close();
  }
}

export type Audit = { readonly status: number; readonly text: string; readonly report: Report };

/** `roots`: 64 digits, read to the auditor by an administrator. */
export function audit(zip: Uint8Array, roots: string): Audit {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
  const path = join(folder, 'evidence.zip');
  const typed = (words: readonly string[]) => {
    let text = '';
    const write = (more: string): void => void (text += more);
    const status = verifyCommand(words, { output: { write }, errors: { write } });
    return { status, text };
  };
  try {
    writeFileSync(path, zip);
    // What our own command printed as its report.
    const report = JSON.parse(typed([path, '--roots', roots, '--json']).text) as Report;
    return { ...typed([path, '--roots', roots]), report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Made again, ten seconds long, until it shows what the machine is still being sent. */
export async function auditOnce(
  home: Home,
  roots: string,
  shows: (audit: Audit) => boolean,
): Promise<Audit> {
  for (let tries = 1; ; tries += 1) {
    const found = audit(await bundleOf(home), roots);
    if (shows(found) || tries === 100) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The ids of who has cosigned its head, each once. */
export const cosignedBy = ({ report }: Audit): readonly string[] =>
  [...new Set(report.witnesses.map(({ id }) => id))].toSorted();
