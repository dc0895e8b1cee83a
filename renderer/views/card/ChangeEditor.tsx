// Propose something else: one argument a line, exact, with the difference below. It sends a denial with that proposal and
// nothing else; what is proposed is asked anew by the guard.

import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { whyNotChanges } from '../../../shared/domain/changes.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import { decodeCj } from '../../../shared/statement/cj1.ts';
import { diffActions, differing } from '../../../shared/statement/diff/action.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { type Members, membersOf } from '../../../shared/statement/view/part.ts';
import { MAX_PAYLOAD_BYTES } from '../../../shared/statement/view/render.ts';
import { Diff } from '../../parts/Diff.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { CHANGE, CHANGES_SAYS } from '../../words/change.ts';
import { ChangeItem } from './ChangeItem.tsx';
import {
  changesOf,
  faults,
  type Form,
  formOf,
  moved,
  withNew,
  without,
  withText,
} from '../../../shared/domain/change-form.ts';
import css from './change.module.css';

type ChangeEditorProps = {
  /** The request's own bytes. */
  readonly payload: Uint8Array;
  readonly off: string | undefined;
  readonly send: (changes: Changes, reason: string | undefined) => void;
  readonly close: () => void;
};

export function ChangeEditor({ payload, ...props }: ChangeEditorProps): ReactNode {
  const request = useMemo(() => requestIn(payload), [payload]);
  const start = formOf(actionIn(request));
  return start && <Editor {...props} request={request} start={start} />;
}

type EditorProps = Omit<ChangeEditorProps, 'payload'> & {
  readonly request: Members;
  readonly start: Form;
};

function Editor({ request, start, ...props }: EditorProps): ReactNode {
  const [form, setForm] = useState(start);
  const [reason, setReason] = useState('');
  const box = useRef<HTMLFieldSetElement>(null);
  const focus = useFocus(box);
  const changes = changesOf(form);
  const action = actionIn(request);
  const lines =
    changes === undefined
      ? []
      : differing(diffActions(action, { ...action, ...changes } as Members));
  const why = props.off ?? whyNot(request, changes);
  const send = (): void => {
    if (changes !== undefined && why === undefined)
      props.send(changes, reason.trim() === '' ? undefined : reason.trim());
  };
  useKeys(box, { send, close: props.close });
  const exec = form.kind === 'exec';
  const faulty = faults(form);
  return (
    <fieldset ref={box} className={css['editor']}>
      <legend>{CHANGE.title}</legend>
      <div className={css['body']}>
        <p className={css['note']}>{CHANGE.note}</p>
        <ol className={css['items']}>
          {form.items.map((item, place) => (
            <ChangeItem
              key={item.id}
              item={item}
              label={exec ? (place === 0 ? CHANGE.program : CHANGE.argument(place)) : CHANGE.text}
              place={exec && form.items.length > 1 ? place : undefined}
              faulty={faulty.includes(item.id)}
              change={(text) => setForm(withText(form, item.id, text))}
              remove={() => {
                focus(form.items[place - 1]?.id ?? form.items[place + 1]?.id);
                setForm(without(form, item.id));
              }}
              {...(exec
                ? {
                    add: () => {
                      const next = withNew(form, item.id);
                      setForm(next.form);
                      focus(next.added);
                    },
                    move: (by: -1 | 1) => {
                      setForm(moved(form, item.id, by));
                      focus(item.id);
                    },
                  }
                : {})}
            />
          ))}
        </ol>
        {exec && (
          <Button
            look="link"
            onPress={() => {
              const next = withNew(form, form.items.at(-1)?.id ?? -1);
              setForm(next.form);
              focus(next.added);
            }}
          >
            {CHANGE.add}
          </Button>
        )}
        <p className={css['note']}>{exec ? CHANGE.keysArguments : CHANGE.keysText}</p>
        {lines.length > 0 && <Diff lines={lines} label={CHANGE.difference} />}
        <Field label={CHANGE.why} value={reason} onChange={setReason} maxLength={1900} />
      </div>
      <div className={css['end']}>
        <Button look="no" off={why !== undefined} describedBy="change-note" onPress={send}>
          {CHANGE.send}
        </Button>
        <Button look="quiet" onPress={props.close}>
          {CHANGE.cancel}
        </Button>
        <p id="change-note" className={css['note']} aria-live="polite">
          {why}
        </p>
      </div>
    </fieldset>
  );
}

function requestIn(payload: Uint8Array): Members {
  const request = decodeCj(payload, MAX_PAYLOAD_BYTES);
  return (request.ok ? membersOf(request.value) : undefined) ?? {};
}

const actionIn = (request: Members): Members => membersOf(request['action']) ?? {};

type Does = { readonly send: () => void; readonly close: () => void };

/** Escape closes it and nothing behind it; Ctrl+Enter sends. */
function useKeys(box: RefObject<HTMLElement | null>, does: Does): void {
  const latest = useRef(does);
  useEffect(() => {
    latest.current = does;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.target instanceof Node) || box.current?.contains(event.target) !== true) return;
      if (event.key === 'Escape') {
        event.stopPropagation();
        latest.current.close();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        latest.current.send();
      }
    };
    document.addEventListener('keydown', pressed, { capture: true });
    return () => document.removeEventListener('keydown', pressed, { capture: true });
  }, [box]);
}

function whyNot(request: Members, changes: Changes | undefined): string | undefined {
  if (changes === undefined) return CHANGE.fault;
  // The card was rendered from these very bytes: they have a request's shape.
  const code = whyNotChanges(request as unknown as Request, changes);
  return code && CHANGES_SAYS[code];
}

/** Puts the focus into an item once it is in the page; into the first of them at the start. */
function useFocus(box: { readonly current: HTMLElement | null }) {
  const wanted = useRef<number | 'first' | undefined>('first');
  useEffect(() => {
    const id = wanted.current;
    if (id === undefined) return;
    wanted.current = undefined;
    const named = id === 'first' ? 'textarea' : `textarea[data-item="${id}"]`;
    const item = box.current?.querySelector<HTMLTextAreaElement>(named);
    item?.focus();
    // Where one goes on writing.
    item?.setSelectionRange(item.value.length, item.value.length);
  });
  return (id: number | undefined): void => {
    wanted.current = id;
  };
}
