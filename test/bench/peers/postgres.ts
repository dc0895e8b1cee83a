// PostgreSQL by hand: a row and a NOTIFY that carries it in one transaction, LISTEN at the other end.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PEERS } from './npm-peers.ts';
import type { Connect } from './line.ts';

/** What is used of the package `pg`, which is not one of ours: it lies in the cache. */
type Client = {
  readonly connect: () => Promise<void>;
  readonly query: (query: {
    readonly name?: string;
    readonly text: string;
    readonly values?: readonly string[];
  }) => Promise<unknown>;
  readonly on: (event: 'notification', heard: (one: { readonly payload: string }) => void) => void;
};
type Pg = { readonly Client: new (options: object) => Client };

/** Enough for commits to share a flush, and few enough for two processors. */
const CONNECTIONS = 8;

export const TABLES = 'create table requests (body text); create table decisions (body text);';

export const connectPostgres: Connect = async (role, { port }, heard) => {
  // The package's own form, of the version that the script installed.
  const { Client } = createRequire(join(PEERS, 'package.json'))('pg') as Pg;
  const [own, other] = role === 'requester' ? ['requests', 'decisions'] : ['decisions', 'requests'];
  const open = async (): Promise<Client> => {
    const client = new Client({ host: '127.0.0.1', port, user: 'bench', database: 'postgres' });
    await client.connect();
    return client;
  };
  const listener = await open();
  listener.on('notification', ({ payload }) => heard(payload));
  await listener.query({ text: `listen ${other}` });
  const writers = await Promise.all(Array.from({ length: CONNECTIONS }, open));
  const text = `with put as (insert into ${own} values ($1) returning 1) select pg_notify('${own}', $1) from put`;
  const waiting: string[] = [];
  const work = async (writer: Client): Promise<void> => {
    idle.splice(idle.indexOf(writer), 1);
    for (let body = waiting.shift(); body !== undefined; body = waiting.shift())
      await writer.query({ name: 'put', text, values: [body] });
    idle.push(writer);
  };
  const idle = [...writers];
  return (body) => {
    waiting.push(body);
    if (idle[0] !== undefined) void work(idle[0]);
  };
};
