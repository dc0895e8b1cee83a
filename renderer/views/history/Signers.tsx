// With whose keys the log was checked: a row for each key, whose it is, and which entries it signed.

import type { ReactNode } from 'react';
import type { CheckedSigner } from '../../../shared/ipc/history.ts';
import { plain } from '../../parts/Plain.tsx';
import { KEY_USE, SIGNER_KIND, SIGNERS } from '../../words/signers.ts';
import { amount } from '../../words/time.ts';
import css from './history.module.css';

export function Signers({ signers }: { signers: readonly CheckedSigner[] }): ReactNode {
  if (signers.length === 0) return <p>{SIGNERS.none}</p>;
  return (
    <table className={css['signers']} aria-label={SIGNERS.title}>
      <thead>
        <tr>
          <th scope="col">{SIGNERS.whose}</th>
          <th scope="col">{SIGNERS.key}</th>
          <th scope="col">{SIGNERS.signatures}</th>
          <th scope="col">{SIGNERS.entries}</th>
        </tr>
      </thead>
      <tbody>
        {signers.map((one) => (
          <tr key={one.keyId}>
            <th scope="row">
              {one.name !== '' && `${plain(one.name)} `}
              <span className={css['soft']}>{whose(one)}</span>
            </th>
            <td className={css['key']}>{one.keyId.slice(0, 12)}</td>
            <td>{amount(one.signatures)}</td>
            <td>{SIGNERS.range(amount(one.from), amount(one.to))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function whose({ kind, device, use }: CheckedSigner): string {
  const what = SIGNER_KIND[kind];
  const of = use === undefined ? what : SIGNERS.use(what, KEY_USE[use]);
  return kind === 'reviewer' && device !== undefined ? SIGNERS.on(of, plain(device)) : of;
}
