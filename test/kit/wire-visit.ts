// One test's visit to a broker: connections that are closed again at its end.

import { WireClient } from './wire-client.ts';
import { type House, openHouse, type Org, type Person, type GuardKeys } from './wire-world.ts';

export type Visit = {
  readonly house: House;
  readonly connect: () => WireClient;
  readonly asGuard: (keys?: GuardKeys) => Promise<WireClient>;
  /** Logged in and following from `cursor`. */
  readonly asReviewer: (who?: Person, cursor?: number) => Promise<WireClient>;
  readonly leave: () => Promise<void>;
};

export async function visit(org: Org): Promise<Visit> {
  const house = await openHouse(org);
  const clients: WireClient[] = [];
  const connect = (): WireClient => {
    const client = new WireClient(house.broker.url);
    clients.push(client);
    return client;
  };
  return {
    house,
    connect,
    asGuard: async (keys = org.guard) => {
      const client = connect();
      await client.login('guard', keys.session);
      return client;
    },
    asReviewer: async (who = org.alice, cursor = 0) => {
      const client = connect();
      await client.login('reviewer', who.session);
      client.tell('follow', { cursor });
      return client;
    },
    leave: async () => {
      for (const client of clients) client.close();
      await house.clean();
    },
  };
}
