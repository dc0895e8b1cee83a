// Deny: one click, at once, from the first moment. A reason is optional and stands in a small box beside the button, and
// so does "deny and report": a denial whose reason begins with a fixed mark that anybody can search the log for.

import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { DownMark, Drop } from '../../ui/Drop.tsx';
import { Field } from '../../ui/Field.tsx';
import { CARD } from '../../words/card.ts';
import { DENY_PRESETS, reportReason } from '../../words/request.ts';
import css from './card.module.css';

type DenyProps = {
  readonly off: boolean;
  readonly busy: boolean;
  readonly deny: (reason?: string) => void;
};

export function Deny({ off, busy, deny }: DenyProps): ReactNode {
  return (
    <div className={css['deny']}>
      <Button look="no" off={off} describedBy="verdict-note" keys="d" onPress={() => deny()}>
        {busy ? CARD.sending : CARD.deny}
      </Button>
      <Drop look="no" off={off} label={CARD.denyWhy} text={<DownMark />}>
        {(close) => (
          <Reasons
            deny={(why) => {
              close();
              deny(why === '' ? undefined : why);
            }}
          />
        )}
      </Drop>
    </div>
  );
}

function Reasons({ deny }: { deny: (why: string) => void }): ReactNode {
  const [reason, setReason] = useState('');
  return (
    <>
      <ul>
        {DENY_PRESETS.map((preset) => (
          <li key={preset}>
            <Button look="quiet" onPress={() => deny(preset)}>
              {preset}
            </Button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          deny(reason.trim());
        }}
      >
        <Field label={CARD.ownWords} value={reason} onChange={setReason} maxLength={1900} />
        <div className={css['denials']}>
          <Button submit look="no">
            {CARD.deny}
          </Button>
          <Button
            look="no"
            describedBy="report-hint"
            onPress={() => deny(reportReason(reason.trim()))}
          >
            {CARD.denyReport}
          </Button>
        </div>
        <p id="report-hint" className={css['hint']}>
          {CARD.denyReportHint}
        </p>
      </form>
    </>
  );
}
