// A part of a screen that scrolls by itself. It takes the keyboard, because what scrolls must be reachable without a mouse.

import type { ReactNode, Ref } from 'react';

type ScrollProps = {
  /** What it is called; or the id of its heading. */
  readonly label?: string;
  readonly labelledBy?: string;
  readonly className: string | undefined;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
};

export const Scroll = ({ label, labelledBy, className, ref, children }: ScrollProps): ReactNode => (
  <section
    ref={ref}
    className={className}
    aria-label={label}
    aria-labelledby={labelledBy}
    // A section is no control, and still the arrow keys have to get into it (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    tabIndex={0}
  >
    {children}
  </section>
);
