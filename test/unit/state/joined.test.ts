// What joining leaves behind, and what it never replaces.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from '../../../main/state/home.ts';
import {
  finishJoin,
  type Joined,
  keepJoin,
  mayJoin,
  waitingJoin,
} from '../../../main/state/joined.ts';
import { readEndpoint, writeEndpoint } from '../../../main/state/endpoint.ts';
import { readPin } from '../../../main/state/pin.ts';
import { makeTeam } from '../cli/keyring/world.ts';
import { scratchFolder } from './scratch.ts';

const team = makeTeam();

function homeIn({ path }: { readonly path: string }) {
  const opened = openHome(join(path, 'state'), { uid: process.getuid?.(), create: true });
  if (!opened.ok) throw new Error(opened.code);
  return opened.value;
}

const joined: Joined = {
  keyring: team.keyring,
  envelope: team.held.envelope,
  endpoint: { url: 'wss://broker:1', origin: 'acme/1', brokerKeyId: team.broker.session.keyId },
  guard: { id: 'ci', host: 'ci-host', agents: [] },
};

test('the join waits under the words that were said', () => {
  using folder = scratchFolder();
  const at = homeIn(folder);
  expect(waitingJoin(at, 'guard')).toEqual({ ok: true, value: undefined });
  keepJoin(at, 'guard', 'the envelope');
  expect(waitingJoin(at, 'guard')).toEqual({ ok: true, value: 'the envelope' });
  expect(waitingJoin(at, 'reviewer')).toEqual({ ok: true, value: undefined });
});

test('in the end there are a keyring, an endpoint and a pin, all private', () => {
  using folder = scratchFolder();
  const at = homeIn(folder);
  expect(finishJoin(at, 'guard', joined)).toMatchObject({ ok: true });
  for (const path of ['guard/keyring.json', 'guard/pin.json', 'endpoint.json'])
    expect(statSync(join(at.root, path)).mode & 0o777).toBe(0o600);
  expect(readPin(at)).toMatchObject({ value: { org: 'acme', threshold: 2, guard: { id: 'ci' } } });
  expect(readEndpoint(at)).toMatchObject({ value: joined.endpoint });
});

test('a machine that is in an organisation joins no other, and its pin stays', () => {
  using folder = scratchFolder();
  const at = homeIn(folder);
  finishJoin(at, 'guard', joined);
  expect(mayJoin(at, 'guard')).toMatchObject({ code: 'joined' });
  const other = { ...joined, keyring: { ...team.keyring, org: 'other' } };
  expect(finishJoin(at, 'guard', other)).toMatchObject({ code: 'other' });
  expect(readPin(at)).toMatchObject({ value: { org: 'acme' } });
  // Its reviewer side may still join the same organisation.
  expect(mayJoin(at, 'reviewer')).toMatchObject({ ok: true });
});

test('a state folder that looks to another broker is not led away from it', () => {
  using folder = scratchFolder();
  const at = homeIn(folder);
  writeEndpoint(at, { ...joined.endpoint, origin: 'solo.1/1' });
  expect(finishJoin(at, 'guard', joined)).toMatchObject({ code: 'other' });
  expect(existsSync(join(at.guard, 'pin.json'))).toBe(false);
});
