// The demo from its first line to its last: prepare, ask, look, for one action after the other. What is said to have
// happened is what the world shows; an exit code that says otherwise is a fault, and makes the demo's own exit code 1.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Options } from './options.ts';
import { openApp, type ReviewerApp } from './reviewer-app.ts';
import { COMMAND, countersign } from './run-child.ts';
import type { Prepared, Seen, Step } from './step.ts';
import type { Stop } from './stop.ts';
import { dropTable } from './steps/drop-table.ts';
import { exportTable } from './steps/export-table.ts';
import { forcePush } from './steps/force-push.ts';
import { rotateKey } from './steps/rotate-key.ts';
import * as words from './words.ts';

export const STEPS: readonly Step[] = [forcePush, exportTable, rotateKey, dropTable];

const AGENT = 'demo-agent';
const LOG_LINES = 8;
/** Usage, no set-up, no such program: the same would happen with the next one. */
const CANNOT_ASK = [64, 78, 126, 127];
const UNANSWERED = 75;
const REFUSED = 76;
const DENIED = 77;
const INTERRUPTED = 130;
const NOT_CONFIGURED = 78;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The demo's exit code: 0 whatever was decided, 1 for a contradiction, 130 stopped, else what the command line said. */
export async function demo(options: Options, stop: Stop): Promise<number> {
  const steps = STEPS.filter((step) => options.only.includes(step.id));
  say(words.intro(steps.length));
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  chmodSync(scratch, 0o700);
  let app: ReviewerApp | undefined;
  try {
    const opened = await openApp(stop.asked, say);
    if (!opened.ok) {
      if (opened.code === 'stopped') return INTERRUPTED;
      process.stderr.write(`countersign: ${opened.detail ?? opened.code}\n`);
      return NOT_CONFIGURED;
    }
    app = opened.value;
    say(words.scratch(scratch));
    say(words.app.ready);
    const code = await askAll(steps, scratch, stop);
    if (code !== INTERRUPTED) await record(scratch, stop);
    if (app.own && !stop.asked.aborted) await untilEnter(stop);
    return code;
  } finally {
    await app?.close();
    if (!options.keep) rmSync(scratch, { recursive: true, force: true });
    say(options.keep ? words.kept(scratch) : words.removed);
  }
}

async function askAll(steps: readonly Step[], scratch: string, stop: Stop): Promise<number> {
  let worst = 0;
  for (const [i, step] of steps.entries()) {
    const prepared = step.prepare(scratch);
    if (!prepared.ok) {
      say(words.skipped(i + 1, step.title, prepared.detail ?? prepared.code));
      continue;
    }
    say(words.heading(i + 1, steps.length, step.title));
    say(words.about(step.about));
    if (i === 0) say(words.decideNow(COMMAND));
    const exit = await ask(step, prepared.value, stop);
    const seen = prepared.value.look();
    say(words.seen(seen.what, seen.lines));
    if (!agrees(exit, seen)) {
      say(words.contradiction(exit));
      worst = 1;
    }
    if (stop.asked.aborted || exit === INTERRUPTED) {
      say(words.ending.stopped);
      return INTERRUPTED;
    }
    if (exit === UNANSWERED || CANNOT_ASK.includes(exit)) {
      say(exit === UNANSWERED ? words.ending.nobody : words.ending.trouble);
      return exit;
    }
    if (exit !== 0 && exit !== DENIED && exit !== REFUSED) say(words.failed(exit));
  }
  return worst;
}

const ask = (step: Step, { cwd, argv }: Prepared, stop: Stop): Promise<number> =>
  // None of these reads its input, so the card can say so.
  countersign(
    ['run', '--agent', AGENT, '--reason', step.reason, '--stdin', 'nothing', '--', ...argv],
    cwd,
    stop,
  );

/** 0 means it ran and worked; every code of a refusal means that nothing ran. */
function agrees(exit: number, { what }: Seen): boolean {
  if (exit === 0) return what === 'happened';
  return exit < 64 || what === 'didNot';
}

async function record(scratch: string, stop: Stop): Promise<void> {
  say(words.recordHead);
  await countersign(['log', '--limit', String(LOG_LINES)], scratch, stop);
  say(words.recordCheck);
  await countersign(['log', 'verify'], scratch, stop);
  say(words.recordMore(COMMAND));
}

/** Someone who wants to look around in the window still can; where nobody types, there is nothing to wait for. */
async function untilEnter({ asked }: Stop): Promise<void> {
  if (!process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Readline takes the keyboard's Ctrl-C for itself.
  const stopped = new Promise<void>((done) => {
    for (const event of ['SIGINT', 'close'] as const) lines.once(event, done);
    asked.addEventListener('abort', () => done(), { once: true });
  });
  await Promise.race([stopped, lines.question(words.enterToStop).catch(() => '')]);
  lines.close();
}
