// One request from asking to receipt: every statement about it, who signed it, and what was checked.

import { type ReactNode, useEffect, useState } from 'react';
import { Diff } from '../../parts/Diff.tsx';
import { Plain, plain } from '../../parts/Plain.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { requestOf } from '../../store/select.ts';
import { Button } from '../../ui/Button.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { CHANGED } from '../../words/change.ts';
import { NOT_REACHED, OPEN_FAILED } from '../../words/failures.ts';
import {
  HISTORY,
  SIGNATURE_SAYS,
  type Story as Told,
  type StoryStep,
  TYPE_NAME,
} from '../../words/history.ts';
import { standing } from '../../words/request.ts';
import { amount, atDay } from '../../words/time.ts';
import css from './history.module.css';

export function Story({ digest, close }: { digest: string; close: () => void }): ReactNode {
  const { bridge } = useDesk();
  const [story, setStory] = useState<Told>();
  const [complaint, setComplaint] = useState<string>();
  // A new step of this request is told as it arrives: its summary in the mirror changes.
  const summary = useMirror((mirror) => requestOf(mirror.snapshot, digest));
  useEffect(() => {
    let current = true;
    void ask(bridge.history.story({ digest })).then((told) => {
      if (!current) return;
      if (told?.ok === true) setStory(told.value);
      setComplaint(complaintOf(told));
    });
    return () => {
      current = false;
    };
  }, [bridge, digest, summary]);
  return (
    <section className={css['story']} aria-labelledby="story-title">
      <header className={css['head']}>
        <h2 id="story-title">
          {story === undefined ? HISTORY.story : <Plain>{story.summary.title}</Plain>}
        </h2>
        <Button look="link" onPress={close}>
          {HISTORY.close}
        </Button>
      </header>
      <Scroll className={css['scroll']} label={HISTORY.steps}>
        {complaint !== undefined && <p role="alert">{complaint}</p>}
        {story !== undefined && (
          <>
            <p className={css['came']}>{standing(story.summary)}.</p>
            <Linked name={CHANGED.parent} digest={story.summary.parent} />
            <Linked name={CHANGED.child} digest={story.child} />
            <ol className={css['steps']}>
              {story.steps.map((step) => (
                <Step key={step.index} step={step} />
              ))}
            </ol>
          </>
        )}
      </Scroll>
    </section>
  );
}

/** To the story of the request that it changes, or that was asked in its place. */
function Linked({ name, digest }: { name: string; digest: string | undefined }): ReactNode {
  const { view } = useDesk();
  if (digest === undefined) return null;
  return (
    <p>
      <Button look="link" onPress={() => view.setState({ screen: 'history', story: digest })}>
        {name}
      </Button>
    </p>
  );
}

function complaintOf(told: ToldAnswer | undefined): string | undefined {
  if (told === undefined) return NOT_REACHED;
  return told.ok ? undefined : OPEN_FAILED[told.code];
}
type ToldAnswer = { readonly ok: true } | { readonly ok: false; readonly code: 'unknownRequest' };

function Step({ step }: { step: StoryStep }): ReactNode {
  return (
    <li data-signature={step.signature}>
      <p className={css['stepName']}>
        {TYPE_NAME[step.type]}
        {step.at !== undefined && <span className={css['soft']}> {atDay(step.at)}</span>}
      </p>
      <p>
        <Plain>{step.says}</Plain>
      </p>
      {step.diff !== undefined && <Diff lines={step.diff} label={CHANGED.proposed} />}
      <p className={css['soft']}>
        {SIGNATURE_SAYS[step.signature]}: <Plain>{step.signer}</Plain>
        {HISTORY.atEntry(amount(step.index))}
      </p>
      <p className={css['key']}>{HISTORY.keyId(step.keyId)}</p>
      {step.payload !== undefined && (
        <details>
          <summary>{HISTORY.signedText}</summary>
          <pre>{plain(step.payload)}</pre>
        </details>
      )}
    </li>
  );
}
