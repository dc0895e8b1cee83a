// Where rows come or go above those on screen, the list is scrolled by as much: what a person looks at stays where it is. At
// its upper end the list stays there. (A browser does this for rows in the flow; ours are placed.)

import { useLayoutEffect, useRef } from 'react';

type Row = { readonly digest: string };

type SameRows = {
  readonly rowPx: number;
  readonly requests: readonly Row[];
  readonly top: () => { readonly topPx: number; readonly heightPx: number };
  readonly follow: (rows: number) => void;
};

export function useSameRows({ rowPx, requests, top, follow }: SameRows): void {
  const before = useRef(requests);
  useLayoutEffect(() => {
    const then = before.current;
    before.current = requests;
    const { topPx, heightPx } = top();
    if (then === requests || topPx <= 0) return;
    const first = Math.floor(topPx / rowPx);
    follow(movedBy(then, requests, first, first + Math.ceil(heightPx / rowPx)));
  }, [rowPx, requests, top, follow]);
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
