// The current search and filters as a file, or the log's range between their dates as evidence for an auditor. Main writes it into a folder of its own and tells how it goes.

import { type ReactNode, useEffect, useState } from 'react';
import type { Exported, ExportFormat } from '../../../shared/ipc/history.ts';
import { Plain } from '../../parts/Plain.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk, useView } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Drop, DropNote, WithMark } from '../../ui/Drop.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { EXPORT, exportSays, HISTORY } from '../../words/history.ts';
import css from './history.module.css';

const FORMATS: readonly (readonly [ExportFormat | 'evidence', string])[] = [
  ['csv', EXPORT.csv],
  ['jsonl', EXPORT.jsonl],
  ['evidence', EXPORT.evidence],
];

export function Export(): ReactNode {
  const { bridge } = useDesk();
  const { text, filters } = useView((view) => view.query);
  const [told, setTold] = useState<Exported>();
  const [complaint, setComplaint] = useState<string>();
  useEffect(() => bridge.history.exported(setTold), [bridge]);
  const start = async (format: ExportFormat | 'evidence'): Promise<void> => {
    setTold(undefined);
    setComplaint(undefined);
    const words = text.trim() === '' ? {} : { text };
    const { from, to } = filters;
    const answer = await ask(
      format === 'evidence'
        ? bridge.history.evidence({ ...(from && { from }), ...(to && { to }) })
        : bridge.history.export({ format, filters, ...words }),
    );
    if (answer === undefined) setComplaint(NOT_REACHED);
    else if (!answer.ok) setComplaint(EXPORT[answer.code]);
  };
  return (
    <>
      <Drop end label={EXPORT.open} text={<WithMark>{EXPORT.open}</WithMark>}>
        {(close) => (
          <>
            <ul>
              {FORMATS.map(([format, name]) => (
                <li key={format}>
                  <Button
                    look="quiet"
                    onPress={() => {
                      close();
                      void start(format);
                    }}
                  >
                    {name}
                  </Button>
                </li>
              ))}
            </ul>
            <DropNote>{EXPORT.note}</DropNote>
            <DropNote>{EXPORT.evidenceNote}</DropNote>
          </>
        )}
      </Drop>
      <output className={css['told']}>
        {complaint !== undefined && <p className={css['complaint']}>{complaint}</p>}
        {told !== undefined && <Going told={told} close={() => setTold(undefined)} />}
      </output>
    </>
  );
}

function Going({ told, close }: { told: Exported; close: () => void }): ReactNode {
  const { bridge } = useDesk();
  const over = told.path !== undefined || told.failed !== undefined || told.cancelled === true;
  return (
    <div className={css['going']}>
      {!over && <progress aria-label={EXPORT.progress} max={told.of} value={told.done} />}
      <p data-failed={told.failed !== undefined || undefined}>
        {exportSays(told)}{' '}
        {told.path !== undefined && (
          <code className={css['path']}>
            <Plain>{told.path}</Plain>
          </code>
        )}
      </p>
      {over ? (
        <Button look="link" onPress={close}>
          {HISTORY.close}
        </Button>
      ) : (
        <Button look="link" onPress={() => void ask(bridge.history.exportCancel({ id: told.id }))}>
          {EXPORT.cancel}
        </Button>
      )}
    </div>
  );
}
