// What is wrong between this machine and the log. The first alarm stays, because what follows from it would only hide it;
// proof of two histories alone takes its place. What can be kept is on disk before anybody is told.

import type { LogState } from '../../shared/ipc/snapshot.ts';
import type { Link } from '../link/link.ts';
import type { Home } from '../state/home.ts';
import { type Checkpoint, openCheckpoint } from '../trust/checkpoint.ts';
import type { KeyHit } from '../trust/keyring.ts';
import { parseVkey } from '../trust/vkey.ts';
import {
  alarmPath,
  KEPT_CODES,
  type KeptAlarm,
  type KeptCode,
  keepFirst,
  keptAlarm,
  keptSays,
} from './alarm-file.ts';
import type { Clock, Journal } from './ports.ts';
import type { AlarmCode, Found, RaiseAlarm } from './replica.ts';

export type AlarmPorts = {
  readonly home: Home;
  readonly clock: Clock;
  readonly journal: Journal;
  /** This device's decision key, as the keyring has it. */
  readonly me: KeyHit;
  /** The log's verifier key. */
  readonly vkey: string;
  readonly link: () => Pick<Link, 'send'>;
  /** The newest head that this copy has verified. */
  readonly own: () => Checkpoint | undefined;
  /** An alarm is on, or another one than before. */
  readonly raised: () => void;
};

export type Alarms = {
  readonly now: () => LogState['alarm'];
  readonly raise: RaiseAlarm;
  /** What an earlier run has kept, and then what was raised before: from now on there are a screen and a link. */
  readonly begin: () => void;
};

const NOTHING: Found = { notes: [] };

export function openAlarms(ports: AlarmPorts): Alarms {
  const { home, clock, journal, link, own } = ports;
  const early: Parameters<RaiseAlarm>[] = [];
  let begun = false;
  let alarm: LogState['alarm'];
  let proven = false;

  const show = (next: NonNullable<LogState['alarm']>, { fork }: Found): void => {
    // Whoever it was found by, everyone hears of it.
    if (fork && !proven) void link().send('fork', { evidence: JSON.stringify(fork) });
    // Without proof of its own this machine shows what it had verified: whoever has the other entries can make one.
    const head = next.code === 'otherHistory' && !fork && !alarm ? own() : undefined;
    if (head) void link().send('ahead', { note: head.note });
    if (alarm === undefined || (fork && !proven)) alarm = next;
    proven ||= fork !== undefined;
    ports.raised();
  };
  const raise: RaiseAlarm = (code, detail, found = NOTHING) => {
    if (!begun) {
      early.push([code, detail, found]);
      return;
    }
    const at = new Date(clock.now()).toISOString();
    journal.note(`alarm: ${code}: ${detail}`);
    const kept = toKeep(code, detail, at, found);
    const says =
      kept && keepFirst(home, kept) ? keptSays(kept, alarmPath(home, kept.code)) : detail;
    show({ code, detail: says, at }, found);
  };
  return {
    now: () => alarm,
    raise,
    begin: () => {
      begun = true;
      for (const code of KEPT_CODES) {
        const kept = keptAlarm(home, code);
        if (kept === undefined || isOver(kept, ports)) continue;
        const says = keptSays(kept, alarmPath(home, code));
        journal.note(`alarm: ${code}: ${says}`);
        const at = kept === 'unreadable' ? new Date(clock.now()).toISOString() : kept.at;
        show({ code, detail: says, at }, kept === 'unreadable' ? NOTHING : foundIn(kept));
      }
      for (const one of early) raise(...one);
    },
  };
}

const foundIn = ({ notes, fork }: KeptAlarm): Found => ({ notes, ...(fork ? { fork } : {}) });

/** Undefined where there is nothing to show for it: it comes again by itself, or is over with this run. */
function toKeep(
  code: AlarmCode,
  detail: string,
  at: string,
  { notes, fork, key }: Found,
): KeptAlarm | undefined {
  const keeps: readonly KeptCode[] = key === undefined ? ['otherHistory', 'logCut'] : KEPT_CODES;
  const kept = keeps.find((one) => one === code);
  return (
    kept && {
      code: kept,
      detail,
      at,
      notes: [...notes],
      ...(fork && { fork }),
      ...(key && { key }),
    }
  );
}

/** The keyring has ended the key that it was about, or has begun another log. */
function isOver(kept: KeptAlarm | 'unreadable', { me, vkey }: AlarmPorts): boolean {
  if (kept === 'unreadable') return false;
  if (kept.key !== undefined) return kept.key !== me.key.keyId || me.untilIndex !== undefined;
  const key = parseVkey(vkey);
  const [held] = kept.notes;
  return (
    kept.code === 'logCut' && key.ok && held !== undefined && !openCheckpoint(held, key.value).ok
  );
}
