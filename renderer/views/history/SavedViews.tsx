// Views kept by name: words and filters together. Main keeps them; one of the same name is replaced.

import { type ReactNode, useEffect, useState } from 'react';
import type { SavedView } from '../../../shared/ipc/history.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useView } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Drop, WithMark } from '../../ui/Drop.tsx';
import { Field } from '../../ui/Field.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { SAVED } from '../../words/history.ts';
import css from './chips.module.css';

export const SavedViews = (): ReactNode => (
  <Drop className={css['chip']} label={SAVED.open} text={<WithMark>{SAVED.open}</WithMark>}>
    {(close) => <Views close={close} />}
  </Drop>
);

function Views({ close }: { close: () => void }): ReactNode {
  const { bridge, view } = useDesk();
  const query = useView((state) => state.query);
  const [views, setViews] = useState<readonly SavedView[]>();
  const [name, setName] = useState('');
  const [complaint, setComplaint] = useState<string>();
  /** Counts the times the list was asked for. */
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    void ask(bridge.history.saved({})).then((answer) => {
      setViews(answer?.views);
      if (answer === undefined) setComplaint(NOT_REACHED);
    });
  }, [bridge, asked]);
  const save = async (): Promise<void> => {
    if (name.trim() === '') return;
    const { text, filters } = query;
    const kept = { name: name.trim(), filters, ...(text === '' ? {} : { text }) };
    const answer = await ask(bridge.history.savedPut(kept));
    if (answer?.ok === true) return close();
    setComplaint(answer === undefined ? NOT_REACHED : SAVED.full);
  };
  const remove = async (gone: string): Promise<void> => {
    await ask(bridge.history.savedRemove({ name: gone }));
    setAsked(asked + 1);
  };
  return (
    <>
      {views?.length === 0 && <p className={css['savedNone']}>{SAVED.none}</p>}
      <ul>
        {views?.map((saved) => (
          <li key={saved.name} className={css['saved']}>
            <Button
              look="quiet"
              onPress={() => {
                view.setState({ query: { text: saved.text ?? '', filters: saved.filters } });
                close();
              }}
            >
              {saved.name}
            </Button>
            <Button
              look="quiet"
              label={SAVED.remove(saved.name)}
              onPress={() => void remove(saved.name)}
            >
              <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
                <path d="M1 1l8 8M9 1l-8 8" stroke="currentColor" strokeWidth="1.5" />
              </svg>
            </Button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label={SAVED.name}
          value={name}
          onChange={setName}
          maxLength={60}
          fault={complaint}
        />
        <Button submit>{SAVED.save}</Button>
      </form>
    </>
  );
}
