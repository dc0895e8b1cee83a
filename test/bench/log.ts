// log-*: how fast the stored log takes entries and proves them, and how fast all of it is checked again, beside Go's own tlog.

import { benchAppend } from './log-append.ts';
import { benchVerify } from './log-verify.ts';
import type { Options, Say } from './options.ts';
import type { Verdict } from './verdict.ts';

export async function benchLog(options: Options, verdict: Verdict, say: Say): Promise<void> {
  if (options.wants('log-append')) benchAppend(options, verdict, say);
  if (options.wants('log-verify')) await benchVerify(options, verdict, say);
  if (options.wants('log-sync'))
    say("SKIPPED: log-sync: this bench does not fill an app's copy yet");
}
