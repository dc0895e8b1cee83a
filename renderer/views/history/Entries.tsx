// The log itself, entry by entry: newest first, older on request. New entries are loaded when asked for, so no row shifts.

import { type ReactNode, useEffect, useState } from 'react';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { LogRow } from '../../../shared/ipc/story.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { entriesSay, newerSay } from '../../words/counts.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import { HISTORY, NO_HISTORY } from '../../words/history.ts';
import css from './history.module.css';
import { LogTable } from './LogTable.tsx';

const PAGE = 100;

export function Entries(): ReactNode {
  const size = useMirror((mirror) => mirror.snapshot?.log.size ?? 0);
  const log = useLog(size);
  return (
    <>
      <div className={css['count']}>
        <p>{entriesSay(size)}</p>
        {log.fresh > 0 && (
          <Button look="link" onPress={log.reload}>
            {newerSay(log.fresh)}
          </Button>
        )}
      </div>
      <Scroll className={css['scroll']} label={HISTORY.entries}>
        {log.complaint !== undefined && <p role="alert">{log.complaint}</p>}
        {log.rows.length === 0 && log.complaint === undefined ? (
          <p className={css['none']}>{NO_HISTORY}</p>
        ) : (
          <LogTable rows={log.rows} />
        )}
        {log.next !== undefined && (
          <p className={css['more']}>
            <Button onPress={log.older}>{HISTORY.older}</Button>
          </p>
        )}
      </Scroll>
    </>
  );
}

type Log = {
  readonly rows: readonly LogRow[];
  readonly next: number | undefined;
  /** Entries that came since the newest one shown. */
  readonly fresh: number;
  readonly complaint: string | undefined;
  readonly older: () => void;
  readonly reload: () => void;
};

function useLog(size: number): Log {
  const { bridge } = useDesk();
  const [rows, setRows] = useState<readonly LogRow[]>([]);
  const [next, setNext] = useState<number>();
  const [complaint, setComplaint] = useState<string>();
  /** Counts the times the newest entries were asked for. */
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    let current = true;
    void pageOf(bridge, undefined).then((page) => {
      if (!current) return;
      setRows(page?.rows ?? []);
      setNext(page?.next);
      setComplaint(page === undefined ? NOT_REACHED : undefined);
    });
    return () => {
      current = false;
    };
  }, [bridge, asked]);

  const older = async (): Promise<void> => {
    const page = await pageOf(bridge, next);
    setComplaint(page === undefined ? NOT_REACHED : undefined);
    if (page === undefined) return;
    setRows((shown) => [...shown, ...page.rows]);
    setNext(page.next);
  };
  const newest = rows[0]?.index;
  return {
    rows,
    next,
    fresh: newest === undefined ? 0 : Math.max(0, size - newest - 1),
    complaint,
    older: () => void older(),
    reload: () => setAsked(asked + 1),
  };
}

const pageOf = (bridge: Bridge, before: number | undefined): Promise<Page | undefined> =>
  ask(bridge.history.page({ limit: PAGE, ...(before === undefined ? {} : { before }) }));
type Page = Awaited<ReturnType<Bridge['history']['page']>>;
