// After what must be read: why this is held, who is missing, what an approval takes, which rule says so, how the checks came out,
// what the facts say. The app's words over the pinned policy; no row of the view, and no part of what is signed.

import type { ReactNode } from 'react';
import type { CardExplanation } from '../../../shared/ipc/explain.ts';
import { Plain } from '../../parts/Plain.tsx';
import { WHY } from '../../words/explain.ts';
import type { Explained } from './use-explanation.ts';
import css from './why.module.css';

export function Why({ explained }: { explained: Explained }): ReactNode {
  if (explained.state === 'failed') return <p className={css['failed']}>{explained.says}</p>;
  const { headline, missing, takes, because, checks, found } = explained.value;
  const shown = checks.filter(({ outcome }) => outcome !== 'notApplicable');
  const others = checks.length - shown.length;
  return (
    <section className={css['why']} aria-label={WHY.title}>
      <h3>{WHY.title}</h3>
      <p className={css['headline']}>
        <Plain>{headline}</Plain>
      </p>
      <dl>
        <Lines name={WHY.missing} lines={missing} none={WHY.nobody} />
        <Lines name={WHY.takes} lines={takes} />
        <dt>{WHY.because}</dt>
        <dd>
          {because.map((one) => (
            <Because key={one.rule} {...one} />
          ))}
        </dd>
        {checks.length > 0 && (
          <>
            <dt>{WHY.checks}</dt>
            <dd>
              {shown.map(({ name, outcome, says }) => (
                <p key={name} data-check={outcome}>
                  <Plain>{says}</Plain>
                </p>
              ))}
              {others > 0 && <p className={css['soft']}>{WHY.others(others)}</p>}
            </dd>
          </>
        )}
        <Lines name={WHY.found} lines={found} none={WHY.nothing} />
      </dl>
    </section>
  );
}

type LinesProps = {
  readonly name: string;
  readonly lines: readonly string[];
  readonly none?: string;
};

/** Nothing at all where there are no lines and no word for that. */
function Lines({ name, lines, none }: LinesProps): ReactNode {
  if (lines.length === 0 && none === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {lines.length === 0 && <p className={css['soft']}>{none}</p>}
        {lines.map((line) => (
          <p key={line}>
            <Plain>{line}</Plain>
          </p>
        ))}
      </dd>
    </>
  );
}

function Because({ rule, says, line }: CardExplanation['because'][number]): ReactNode {
  return (
    <p>
      <Plain>{says}</Plain>{' '}
      <span className={css['soft']}>
        (<code>{rule}</code>
        {line !== undefined && `, ${WHY.line(line)}`})
      </span>
    </p>
  );
}
