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

test('a connection that others can read is named as one, before anything is opened', () => {
  const since = '2026-11-22T09:00:00.000Z';
  const shown = (exposed: boolean) =>
    trayView({ ...new FakeMain().snapshot, link: { state: 'online', since, exposed } }, AROUND);
  expect(shown(true).tooltip).toContain('not encrypted');
  expect(shown(true).items).toContainEqual({
    kind: 'text',
    label: 'Connected, not encrypted: others can read along',
  });
  expect(shown(false).tooltip).not.toContain('not encrypted');
});
