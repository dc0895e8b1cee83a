// On the card of an approved request: the bounds, then the exact terms as they are signed. Nothing is signed but what stands on
// screen: its text is read back from the page and hashed here, and main renders the terms again.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { GrantForm } from '../../../shared/ipc/grants.ts';
import type { GrantTerms } from '../../../shared/statement/grant.ts';
import { termsRows } from '../../../shared/statement/terms-text.ts';
import { Tokens } from '../../parts/Tokens.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { giveTerms, proposeTerms } from '../../store/grant.ts';
import { Button } from '../../ui/Button.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { GRANT, grantSays } from '../../words/grant.ts';
import { digestOnScreen } from '../card/screen-text.ts';
import { Bounds } from './Bounds.tsx';
import css from './grant.module.css';

type Shown = { readonly digest: string; readonly terms: GrantTerms };

export function AllowAgain({ digest }: { digest: string }): ReactNode {
  const desk = useDesk();
  const form = useForm(digest);
  const [shown, setShown] = useState<Shown>();
  const [says, setSays] = useState<string>();
  const [given, setGiven] = useState(false);
  const propose = async (by: Parameters<typeof proposeTerms>[2]): Promise<void> => {
    const made = await proposeTerms(desk, digest, by);
    setSays(typeof made === 'string' ? made : undefined);
    if (typeof made !== 'string') setShown(made);
  };
  if (given) return <p className={css['given']}>{GRANT.given}</p>;
  if (form === undefined) return <p aria-busy="true">{GRANT.reading}</p>;
  if (typeof form === 'string') return <p role="alert">{form}</p>;
  if (form.off !== undefined) return <p className={css['off']}>{grantSays(form.off)}</p>;
  const [waiting] = form.waiting;
  return (
    <section className={css['grant']} aria-label={GRANT.label}>
      {shown === undefined && waiting !== undefined && (
        <p className={css['act']}>
          {GRANT.waiting(form.waiting.length)}
          <Button onPress={() => void propose({ join: waiting })}>{GRANT.join}</Button>
        </p>
      )}
      {/* Stays in the page under the terms, so that going back finds what was chosen. */}
      <div hidden={shown !== undefined}>
        <Bounds conditions={form.conditions} show={(wish) => void propose({ wish })} />
      </div>
      {shown !== undefined && (
        <Terms
          shown={shown}
          back={() => {
            setSays(undefined);
            setShown(undefined);
          }}
          give={async (viewSha256) => {
            const why = await giveTerms(desk, { terms: shown.digest, viewSha256 });
            setSays(why);
            setGiven(why === undefined);
          }}
        />
      )}
      {says !== undefined && (
        <p role="alert" className={css['fault']}>
          {says}
        </p>
      )}
      <p className={css['note']}>{GRANT.note}</p>
    </section>
  );
}

/** A string is the sentence of why it can't be told. */
function useForm(digest: string): GrantForm | string | undefined {
  const { bridge } = useDesk();
  const [form, setForm] = useState<GrantForm | string>();
  useEffect(() => {
    let current = true;
    void ask(bridge.grant.form({ digest })).then((answer) => {
      if (!current) return;
      if (answer === undefined) setForm(NOT_REACHED);
      else setForm(answer.ok ? answer.value : grantSays(answer.code));
    });
    return () => {
      current = false;
    };
  }, [bridge, digest]);
  return form;
}

type TermsProps = {
  readonly shown: Shown;
  readonly back: () => void;
  readonly give: (viewSha256: string) => Promise<void>;
};

function Terms({ shown, back, give }: TermsProps): ReactNode {
  const rows = useRef<HTMLDListElement>(null);
  const [busy, setBusy] = useState(false);
  const press = async (trusted: boolean): Promise<void> => {
    if (!trusted || rows.current === null || busy) return;
    // Read first: nothing of ours may change the screen between the press and the hash.
    const viewSha256 = await digestOnScreen(rows.current);
    setBusy(true);
    await give(viewSha256);
    setBusy(false);
  };
  return (
    <>
      <h3>{GRANT.terms}</h3>
      <dl ref={rows} className={css['terms']}>
        {termsRows(shown.terms).map(({ label, text }) => (
          <div key={label} data-row="">
            <dt data-label="">{label}</dt>
            <dd data-text="" dir="ltr">
              <Tokens text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={css['act']}>
        <Button look="yes" off={busy} onPress={(trusted) => void press(trusted)}>
          {busy ? GRANT.giving : GRANT.give}
        </Button>
        <Button look="link" onPress={back}>
          {GRANT.change}
        </Button>
      </p>
    </>
  );
}
