// The tray counts what is asked of this person. What others are asked stays on the desk.

import { expect, test } from 'vitest';
import { trayView } from '../../../main/hosts/electron/tray-menu.ts';
import type { AskedNow } from '../../../shared/ipc/on-call.ts';
import { summaryOf } from '../../kit/fake-summaries.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';
import { FakeMain } from '../../kit/fake-bridge.ts';

const AROUND = { label: undefined, startsAtLogin: undefined };

function viewOf(...asked: (AskedNow | undefined)[]) {
  const requests = asked.map((one, i) => ({
    ...summaryOf(requestOf(EXEC), `${i}`.repeat(64), i),
    ...(one === undefined ? {} : { asked: one }),
  }));
  return trayView({ ...new FakeMain().snapshot, requests }, AROUND);
}

test('a request that the rota asks of others is neither counted nor listed', () => {
  const people = [{ name: 'Bea', me: false, why: 'onCall' as const }];
  const view = viewOf(undefined, { mine: true, people }, { mine: false, people });
  expect(view).toMatchObject({ state: 'pending', count: 2 });
  const listed = view.items.flatMap((one) => (one.kind === 'act' ? one.act : []));
  expect(listed.filter((act) => act.do === 'request')).toHaveLength(2);
  expect(viewOf({ mine: false, people })).toMatchObject({ state: 'idle', count: 0 });
});
