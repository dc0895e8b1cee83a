// This machine's own copy of the log: what was asked and what became of it, found by words and filters, as a list, as
// charts, or entry by entry; one request's story beside it, and a button that checks.

import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useDesk, useMirror, useView } from '../../store/context.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { newerSay } from '../../words/counts.ts';
import { HISTORY, NO_HISTORY, TAB_NAME } from '../../words/history.ts';
import { SHELL } from '../../words/shell.ts';
import { Button } from '../../ui/Button.tsx';
import tabs from '../../ui/Tabs.module.css';
import { Chips } from './Chips.tsx';
import { Entries } from './Entries.tsx';
import { Export } from './Export.tsx';
import { FoundList } from './FoundList.tsx';
import css from './history.module.css';
import { SearchBox } from './SearchBox.tsx';
import { Story } from './Story.tsx';
import { useFound } from './use-found.ts';
import { Verify } from './Verify.tsx';

const Charts = lazy(async () => ({ default: (await import('./charts/Charts.tsx')).Charts }));

const TABS = ['requests', 'charts', 'entries'] as const;

export function History(): ReactNode {
  const { view } = useDesk();
  const story = useView((state) => state.story);
  const tab = useView((state) => state.tab);
  const search = useRef<HTMLInputElement>(null);
  useHistoryKeys(search);
  return (
    <main className={css['history']} data-story={story !== undefined || undefined}>
      <section className={css['log']} aria-labelledby="history-title">
        <header className={css['head']}>
          <h2 id="history-title" className="unseen">
            {HISTORY.title}
          </h2>
          <SearchBox field={search} />
          <nav className={tabs['tabs']} aria-label={HISTORY.views}>
            {TABS.map((name) => (
              <button
                key={name}
                type="button"
                aria-current={tab === name ? 'true' : undefined}
                onClick={() => view.setState({ tab: name })}
              >
                {TAB_NAME[name]}
              </button>
            ))}
          </nav>
          <div className={css['acts']}>
            <Export />
            <Verify />
          </div>
        </header>
        {tab !== 'entries' && <Chips />}
        {tab === 'requests' && <Requests />}
        {tab === 'charts' && (
          <Suspense fallback={<p className={css['none']}>{SHELL.loading}</p>}>
            <Charts />
          </Suspense>
        )}
        {tab === 'entries' && <Entries />}
      </section>
      {story !== undefined && (
        <Story key={story} digest={story} close={() => view.setState({ story: undefined })} />
      )}
    </main>
  );
}

function Requests(): ReactNode {
  const query = useView((state) => state.query);
  const size = useMirror((mirror) => mirror.snapshot?.log.size ?? 0);
  const found = useFound(query, size);
  const { run, state, complaint } = found;
  const nothing = state === 'here' && run.rows.length === 0 && run.next === undefined;
  return (
    <>
      <div className={css['count']}>
        <output>
          {complaint}
          {complaint === undefined && (state === 'searching' ? HISTORY.searching : countOf(run))}
        </output>
        {size > found.size && (
          <Button look="link" onPress={found.again}>
            {newerSay(size - found.size)}
          </Button>
        )}
      </div>
      {nothing ? (
        <p className={css['none']}>{size === 0 ? NO_HISTORY : HISTORY.none}</p>
      ) : (
        <FoundList found={found} />
      )}
    </>
  );
}

const countOf = (run: ReturnType<typeof useFound>['run']): string =>
  run.rows.length === 0
    ? ''
    : HISTORY.found(run.first + run.rows.length, run.next === undefined && run.top === undefined);

function useHistoryKeys(search: { readonly current: HTMLInputElement | null }): void {
  const { view } = useDesk();
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.target === search.current && event.key === 'Escape') search.current?.blur();
      if (isTyping(event)) return;
      if (event.key === 'h') view.setState({ screen: 'desk' });
      if (event.key === ',') view.setState({ screen: 'settings' });
      if (event.key === '?') view.setState({ help: true });
      if (event.key === 'Escape') view.setState({ story: undefined });
      if (event.key === '/') {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      }
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [view, search]);
}
