// Where rows come or go above those on screen, the list is scrolled by as much: what a person looks at stays where it is. At
// its upper end the list stays there. (A browser does this for rows in the flow; ours are placed.)

import { type RefObject, useLayoutEffect, useRef } from 'react';

type Row = { readonly digest: string };

type SameRows = {
  readonly box: RefObject<HTMLElement | null>;
  readonly space: RefObject<HTMLElement | null>;
  readonly rowPx: number;
  readonly requests: readonly Row[];
  readonly follow: (rows: number) => void;
};

export function useSameRows({ box, space, rowPx, requests, follow }: SameRows): void {
  const before = useRef(requests);
  useLayoutEffect(() => {
    const then = before.current;
    before.current = requests;
    if (then === requests || box.current === null || space.current === null) return;
    const hidden = box.current.scrollTop - space.current.offsetTop;
    if (hidden <= 0) return;
    const first = Math.floor(hidden / rowPx);
    follow(movedBy(then, requests, first, first + Math.ceil(box.current.clientHeight / rowPx)));
  }, [box, space, rowPx, requests, follow]);
}

/** By how many places the first of the rows on screen (`first` up to `end`) that is still there has moved down. */
export function movedBy(
  then: readonly Row[],
  now: readonly Row[],
  first: number,
  end: number,
): number {
  for (let place = first; place < Math.min(end, then.length); place += 1) {
    const digest = then[place]?.digest;
    if (now[place]?.digest === digest) return 0;
    const found = now.findIndex((row) => row.digest === digest);
    if (found >= 0) return found - place;
  }
  return 0;
}
