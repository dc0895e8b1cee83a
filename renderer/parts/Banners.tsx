// The one thing that is wrong, over everything else. Its place is kept by the page, so the card main watches does move.

import type { ReactNode } from 'react';
import { useMirror } from '../store/context.ts';
import { bannersOf } from '../words/banners.ts';
import css from './parts.module.css';

export function Banners(): ReactNode {
  const snapshot = useMirror((mirror) => mirror.snapshot);
  const wire = useMirror((mirror) => mirror.wire);
  const banners = snapshot === undefined ? [] : bannersOf(snapshot, wire);
  return (
    <div className={css['banners']}>
      {banners.map((banner) => (
        <div
          key={banner.title}
          className={css['banner']}
          data-kind={banner.kind}
          role={banner.kind === 'alarm' ? 'alert' : 'status'}
        >
          <strong>{banner.title}.</strong> <span>{banner.text}</span>
        </div>
      ))}
    </div>
  );
}
