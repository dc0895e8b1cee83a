// log-*: how fast the stored log takes entries and proves them, how fast all of it is checked again, beside Go's own tlog, and
// how fast an app's empty copy is filled.

import { benchAppend } from './log-append.ts';
import { benchSync } from './log-sync.ts';
import { benchVerify } from './log-verify.ts';
import type { Options, Say } from './options.ts';
import type { Verdict } from './verdict.ts';

export async function benchLog(options: Options, verdict: Verdict, say: Say): Promise<void> {
  if (options.wants('log-append')) benchAppend(options, verdict, say);
  if (options.wants('log-verify')) await benchVerify(options, verdict, say);
  if (options.wants('log-sync')) await benchSync(options, verdict, say);
}
