import { expect, test } from 'vitest';
import { makeBridge } from '../../../preload/bridge.ts';
import { CONTRACT } from '../../../shared/ipc/contract.ts';

function recorded() {
  const calls: unknown[] = [];
  const bridge = makeBridge({
    invoke: async (channel, input) => calls.push(['invoke', channel, input]),
    listen: (channel) => {
      calls.push(['listen', channel]);
      return () => void calls.push(['end', channel]);
    },
  });
  return { bridge, calls };
}

test('the bridge has the contract’s members, frozen, and nothing else', () => {
  const { bridge } = recorded();
  const members = (of: object) =>
    Object.entries(of).flatMap(([group, own]) =>
      Object.keys(own).map((name) => `${group}.${name}`),
    );
  expect(members(bridge)).toEqual(members(CONTRACT));
  expect([bridge, ...Object.values(bridge)].every((part) => Object.isFrozen(part))).toBe(true);
});

test('a call is invoked on group.member, an event is listened to and ended', async () => {
  const { bridge, calls } = recorded();
  await bridge.key.lock({});
  bridge.app.raised(() => {})();
  expect(calls).toEqual([
    ['invoke', 'key.lock', {}],
    ['listen', 'app.raised'],
    ['end', 'app.raised'],
  ]);
});
