// The log as this machine holds it: newest first, older on request, one request's story beside it, and a button that checks.

import { type ReactNode, useEffect, useState } from 'react';
import type { Bridge, LogRow } from '../../../shared/ipc/contract.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror, useView } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { isTyping } from '../../ui/is-typing.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import { NO_HISTORY } from '../../words/history.ts';
import { amount, counted } from '../../words/time.ts';
import css from './history.module.css';
import { LogTable } from './LogTable.tsx';
import { Story } from './Story.tsx';
import { Verify } from './Verify.tsx';

const PAGE = 100;

export function History(): ReactNode {
  const desk = useDesk();
  const size = useMirror((mirror) => mirror.snapshot?.log.size ?? 0);
  const story = useView((view) => view.story);
  const log = useLog(size);
  useHistoryKeys();
  return (
    <main className={css['history']} data-story={story !== undefined || undefined}>
      <section className={css['log']} aria-labelledby="log-title">
        <header className={css['head']}>
          <h2 id="log-title">{counted(size, 'entry', 'entries')}</h2>
          <Verify />
        </header>
        {/* Scrolls by itself, so it takes the keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <section className={css['scroll']} tabIndex={0} aria-label="Entries of the log">
          {log.complaint !== undefined && <p role="alert">{log.complaint}</p>}
          {log.rows.length === 0 && log.complaint === undefined ? (
            <p className={css['none']}>{NO_HISTORY}</p>
          ) : (
            <LogTable rows={log.rows} />
          )}
          {log.fresh > 0 && (
            <p className={css['more']}>
              <Button onPress={log.reload}>{`Show ${amount(log.fresh)} newer`}</Button>
            </p>
          )}
          {log.next !== undefined && (
            <p className={css['more']}>
              <Button onPress={log.older}>Load older</Button>
            </p>
          )}
        </section>
      </section>
      {story !== undefined && (
        <Story key={story} digest={story} close={() => desk.view.setState({ story: undefined })} />
      )}
    </main>
  );
}

type Log = {
  readonly rows: readonly LogRow[];
  readonly next: number | undefined;
  /** Entries that came since the newest one shown: they are loaded when asked for, so that no row shifts. */
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

function useHistoryKeys(): void {
  const { view } = useDesk();
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      if (event.key === 'h') view.setState({ screen: 'desk' });
      if (event.key === '?') view.setState({ help: true });
      if (event.key === 'Escape') view.setState({ story: undefined });
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [view]);
}
