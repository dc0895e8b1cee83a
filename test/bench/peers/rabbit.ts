// RabbitMQ: two quorum queues, every message published with a confirm and acknowledged once it was heard.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PEERS } from './npm-peers.ts';
import type { Connect } from './line.ts';

/** What is used of the package `amqplib`, which is not one of ours: it lies in the cache. */
type Message = { readonly content: Buffer };
type Channel = {
  readonly assertQueue: (name: string, options: object) => Promise<unknown>;
  readonly prefetch: (count: number) => Promise<unknown>;
  readonly consume: (name: string, heard: (message: Message | null) => void) => Promise<unknown>;
  readonly ack: (message: Message) => void;
  readonly sendToQueue: (name: string, body: Buffer, options: object) => boolean;
};
type Amqp = {
  readonly connect: (
    url: string,
    options: { readonly noDelay: boolean },
  ) => Promise<{
    readonly createConfirmChannel: () => Promise<Channel>;
    readonly createChannel: () => Promise<Channel>;
  }>;
};

const QUORUM = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

export const connectRabbit: Connect = async (role, { port }, heard) => {
  // The package's own form, of the version that the script installed.
  const amqp = createRequire(join(PEERS, 'package.json'))('amqplib') as Amqp;
  const [own, other] = role === 'requester' ? ['requests', 'decisions'] : ['decisions', 'requests'];
  const connection = await amqp.connect(`amqp://guest:guest@127.0.0.1:${port}`, {
    noDelay: true,
  });
  const [writes, reads] = [
    await connection.createConfirmChannel(),
    await connection.createChannel(),
  ];
  for (const name of [own, other]) await writes.assertQueue(name, QUORUM);
  await reads.prefetch(200);
  await reads.consume(other, (message) => {
    if (message === null) throw new Error('RabbitMQ ended the consumer');
    heard(message.content.toString('utf8'));
    reads.ack(message);
  });
  return (text) => void writes.sendToQueue(own, Buffer.from(text), { persistent: true });
};
