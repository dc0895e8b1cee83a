// The tier by shape first, colour second: a ring, a disc, a triangle, an octagon.

import type { ReactNode } from 'react';
import type { Tier } from '../../shared/domain/tier.ts';
import { TIER_NAME } from '../words/request.ts';
import css from './parts.module.css';

const SHAPES: { readonly [T in Tier]: ReactNode } = {
  low: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" />,
  medium: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  high: <path d="M8 1.6 15 14H1Z" fill="currentColor" />,
  critical: <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />,
};

export function TierMark({ tier, named }: { tier: Tier; named?: boolean }): ReactNode {
  return (
    <span className={css['tier']} data-tier={tier}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        {SHAPES[tier]}
      </svg>
      <span className={named === true ? undefined : 'unseen'}>{TIER_NAME[tier]}</span>
    </span>
  );
}
