// The bar of an open request: deny and approve, why one of them is off, and what the tier asks for besides a click.

import { lazy, type ReactNode, type RefObject, Suspense, useState } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import type { Changes } from '../../../shared/statement/changes.ts';
import { UnlockForm } from '../../parts/UnlockForm.tsx';
import type { Told } from '../../store/attention.ts';
import { useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { CARD } from '../../words/card.ts';
import { ALL_SEEN, decideSays } from '../../words/decide.ts';
import { standing } from '../../words/request.ts';
import { Approve } from './Approve.tsx';
import css from './card.module.css';
import { Deny } from './Deny.tsx';
import { Later } from './Later.tsx';
import type { CardState } from './use-card.ts';
import { useCardKeys } from './use-card-keys.ts';
import { useChange } from './use-change.ts';
import { useDecision } from './use-decision.ts';
import type { Gestures } from './use-gestures.ts';
import type { Seen } from './use-seen.ts';
import { missingInput, whyApproveOff, whyDenyOff } from './why-off.ts';

const ChangeEditor = lazy(async () => ({
  default: (await import('./ChangeEditor.tsx')).ChangeEditor,
}));

type VerdictProps = {
  readonly request: RequestSummary;
  readonly card: CardState;
  readonly box: RefObject<HTMLElement | null>;
  readonly gestures: Gestures;
  readonly seen: Seen;
};

export function Verdict({ request, card, box, gestures, seen }: VerdictProps): ReactNode {
  const { tier, digest } = request;
  const wire = useMirror((mirror) => mirror.wire);
  const at = useNow();
  const decision = useDecision(digest, box);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [later, setLater] = useState<Told>();

  const now = { request, card, wire, asking: decision.asking, unseen: seen.left, at };
  const approveOff = whyApproveOff(now) ?? missingInput(tier, { reason, typed, passphrase });
  const denyOff = whyDenyOff(now);
  const needsReason = tier === 'high' || tier === 'critical';

  const approve = (): void => {
    const given = {
      ...(needsReason ? { reason: reason.trim() } : {}),
      ...(tier === 'critical' ? { typed, passphrase } : {}),
    };
    setPassphrase('');
    void decision.decide('approve', given).finally(() => gestures.tell('released'));
  };
  const press = (): void => {
    if (!gestures.tooSoon()) return approve();
    gestures.tell('clicked');
    decision.complain(decideSays('tooSoon'));
  };
  const deny = (why?: string): void => {
    if (denyOff === undefined)
      void decision.decide('deny', why === undefined ? {} : { reason: why });
  };
  const propose = (changes: Changes, why: string | undefined): void => {
    if (denyOff !== undefined) return;
    const given = why === undefined ? { changes } : { changes, reason: why };
    void decision.decide('deny', given);
  };
  const change = useChange(card);
  useCardKeys({
    tier,
    off: approveOff !== undefined,
    press,
    deny,
    showNext: seen.showNext,
    change: change.open,
  });

  const unread = card.state === 'ready' && seen.left !== undefined && seen.left > 0;
  const note = decision.complaint ?? approveOff ?? (unread ? '' : ALL_SEEN);
  const blocked = request.approveOff !== undefined && request.approveOff !== 'sending';
  const locked = request.approveOff === 'locked';
  return (
    <div className={css['verdict']}>
      <div className={css['buttons']}>
        <Approve
          tier={tier}
          off={approveOff !== undefined}
          busy={decision.asking === 'approve' || request.sending === 'approve'}
          gestures={gestures}
          press={press}
          approve={approve}
          complain={decision.complain}
        />
        <Deny
          off={denyOff !== undefined}
          busy={decision.asking === 'deny' || request.sending === 'deny'}
          deny={deny}
        />
        {change.payload !== undefined && (
          <Button
            look="quiet"
            label={CARD.changeLabel}
            keys="c"
            expanded={change.editing}
            off={denyOff !== undefined}
            describedBy="verdict-note"
            onPress={change.toggle}
          >
            <span data-change="">{CARD.change}</span>
          </Button>
        )}
        <p
          id="verdict-note"
          className={css['note']}
          data-complaint={decision.complaint !== undefined || undefined}
          data-blocked={blocked || undefined}
        >
          <span role={decision.complaint === undefined ? undefined : 'alert'}>
            {request.sending !== undefined ? `${standing(request)}.` : note}
          </span>
          {unread && tier !== 'low' && request.approveOff === undefined && (
            <Button look="link" onPress={seen.showNext}>
              {CARD.showNext}
            </Button>
          )}
        </p>
        <Later digest={digest} tell={setLater} />
      </div>
      {later !== undefined && (
        <output className={css['laterSaid']} data-well={later.well || undefined}>
          {later.says}
        </output>
      )}
      {change.editing && change.payload !== undefined && (
        <Suspense>
          <ChangeEditor
            payload={change.payload}
            off={denyOff}
            send={propose}
            close={change.close}
          />
        </Suspense>
      )}
      {locked && <UnlockForm alone={false} />}
      {needsReason && !locked && !change.editing && (
        <div className={css['inputs']}>
          <Field label={CARD.reason} value={reason} onChange={setReason} maxLength={2000} />
          {tier === 'critical' && (
            <>
              <Field
                label={CARD.typeTarget(request.target)}
                value={typed}
                onChange={setTyped}
                maxLength={500}
                mono
              />
              <Field
                label={CARD.passphrase}
                kind="password"
                value={passphrase}
                onChange={setPassphrase}
                maxLength={1024}
              />
            </>
          )}
        </div>
      )}
    </div>
  );
}
