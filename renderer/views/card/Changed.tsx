// Above a changed request's rows: what differs from the request that was denied, computed here from both requests' signed bytes.
// No row of the view, and no part of what is signed: who decides reads the request itself.

import type { ReactNode } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import { actionOf, diffActions, differing } from '../../../shared/statement/diff/action.ts';
import type { Members } from '../../../shared/statement/view/part.ts';
import { Diff } from '../../parts/Diff.tsx';
import { openCard } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { CHANGED } from '../../words/change.ts';
import css from './change.module.css';
import type { Parent } from './parent-of.ts';

export function Changed({ parent }: { parent: Parent }): ReactNode {
  const desk = useDesk();
  return (
    <section className={css['changed']} aria-label={CHANGED.title} data-state={parent.state}>
      <h3>{CHANGED.title}</h3>
      <p>{CHANGED[parent.state]}</p>
      {parent.lines !== undefined && <Diff lines={differing(parent.lines)} label={CHANGED.title} />}
      <Button look="link" onPress={() => openOrStory(desk, parent.digest)}>
        {CHANGED.parent}
      </Button>
    </section>
  );
}

/** What a denial proposed instead, and what was then asked. */
export function Proposed({
  request,
  payload,
}: {
  request: RequestSummary;
  payload: Uint8Array;
}): ReactNode {
  const desk = useDesk();
  const child = useMirror((mirror) =>
    mirror.snapshot?.requests.find((one) => one.parent === request.digest),
  );
  const changes = request.decisions.find((one) => one.changes !== undefined)?.changes;
  const action = actionOf(payload);
  if (changes === undefined || action === undefined) return null;
  return (
    <section className={css['changed']} aria-label={CHANGED.proposed}>
      <h3>{CHANGED.proposed}</h3>
      <Diff lines={linesOf(action, changes)} label={CHANGED.proposed} />
      {child !== undefined && (
        <Button look="link" onPress={() => openCard(desk, child.digest)}>
          {CHANGED.child}
        </Button>
      )}
    </section>
  );
}

const linesOf = (action: Members, changes: Changes) =>
  differing(diffActions(action, { ...action, ...changes } as Members));

/** The card where it is still on the desk, else its story. */
function openOrStory(desk: ReturnType<typeof useDesk>, digest: string): void {
  const here = desk.mirror.getState().snapshot?.requests.some((one) => one.digest === digest);
  if (here === true) openCard(desk, digest);
  else desk.view.setState({ screen: 'history', story: digest });
}
