// What the flow tests of a link share: brokers and links that end with their test.

import type { Endpoint } from '../../../main/link/handshake.ts';
import type { LinkOptions } from '../../../main/link/link.ts';
import type { FakeBroker, FakeBrokerOptions } from '../../kit/fake-broker.ts';
import { fakeBroker, type Watched, watchLink, type World } from './world.ts';

export function stage() {
  const open: { stop: () => unknown }[] = [];
  return {
    /** Anything else that must end with the test. */
    keep: (...more: readonly { stop: () => unknown }[]) => void open.push(...more),
    start: async (world: World, options: Partial<FakeBrokerOptions> = {}): Promise<FakeBroker> => {
      const broker = await fakeBroker(world, options);
      open.push(broker);
      return broker;
    },
    watch: (
      world: World,
      endpoint: () => Endpoint | undefined,
      change: Partial<LinkOptions> = {},
    ): Watched => {
      const watched = watchLink(world, endpoint, change);
      open.push(watched.link);
      return watched;
    },
    clear: async (): Promise<void> => {
      for (const each of open.splice(0).reverse()) await each.stop();
    },
  };
}
