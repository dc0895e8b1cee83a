// `npm run bench`: rt-*, broker-* and log-* of the reference, section 7, beside the floor and peers of the same minute.
// `--only=rt-c1,broker` (whole names or what they begin with), `--rounds=N`, `--entries=N`, `--once` (busy blocks are not
// repeated). Fails only where a target was missed on a quiet machine that measures the same thing twice alike.

import { benchBroker } from './broker.ts';
import { quietMoment } from './busy.ts';
import { benchLog } from './log.ts';
import { optionsOf } from './options.ts';
import { benchRoundTrips } from './rt.ts';
import { benchPolicy } from './rt-policy.ts';
import { openVerdict } from './verdict.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const options = optionsOf(process.argv.slice(2));
const verdict = openVerdict(say);

if (!(await quietMoment())) say('BUSY: other programs use this machine; times will say little');
await benchRoundTrips(options, verdict, say);
await benchPolicy(options, verdict, say);
await benchBroker(options, verdict, say);
await benchLog(options, verdict, say);
process.exitCode = verdict.exitCode();
