// One end of a system, as a process of its own: argv says which end of which, messages of the parent say when to run a block.

import { connectFloor } from './peers/floor.ts';
import { connectLangGraph } from './peers/langgraph.ts';
import type { Connect } from './peers/line.ts';
import { connectOpenAi } from './peers/openai-agents.ts';
import { connectPostgres } from './peers/postgres.ts';
import { connectRabbit } from './peers/rabbit.ts';
import { connectRedis } from './peers/redis.ts';
import { openGuard } from './ours-guard.ts';
import type { OursConfig } from './ours-house.ts';
import { openReviewer } from './ours-reviewer.ts';
import { type Keys, requesterOver, runWork, signsWith, type Trip, type Work } from './rt-work.ts';

export type ChildConfig =
  | { readonly system: 'ours'; readonly config: OursConfig }
  | {
      readonly system: 'floor' | 'redis' | 'postgres' | 'rabbitmq' | 'openai' | 'langgraph';
      readonly port: number;
      readonly folder: string;
      readonly keys: Keys;
    };

const CONNECT: { readonly [name: string]: Connect } = {
  floor: connectFloor,
  redis: connectRedis,
  postgres: connectPostgres,
  rabbitmq: connectRabbit,
  openai: connectOpenAi,
  langgraph: connectLangGraph,
};

type Asking = {
  readonly trip: Trip;
  readonly prepare: (count: number) => void;
  readonly tidy: () => Promise<void>;
};

async function requester(to: ChildConfig): Promise<Asking> {
  if (to.system === 'ours') return openGuard(to.config);
  const { trip, heard } = requesterOver(to.keys, (text) => send(text));
  const send = await connect(to)('requester', to, heard);
  return { trip, prepare: () => {}, tidy: async () => {} };
}

async function approver(to: ChildConfig): Promise<void> {
  if (to.system === 'ours') return openReviewer(to.config);
  const sign = signsWith(to.keys);
  const send = await connect(to)('approver', to, (request) => send(sign(request)));
}

function connect({ system }: ChildConfig): Connect {
  const found = CONNECT[system];
  if (found === undefined) throw new Error(`no system ${system}`);
  return found;
}

const [, , role, text = ''] = process.argv;
// Written by the parent of this very program.
const config = JSON.parse(text) as ChildConfig;
const say = (message: unknown): void => void process.send?.(message);
process.on('disconnect', () => process.exit());
if (role === 'approver') {
  await approver(config);
  process.on('message', () => {});
} else {
  const { trip, prepare, tidy } = await requester(config);
  process.on('message', (work: Work) => {
    prepare(work.trips);
    const run = async (): Promise<void> => {
      say({ begins: true });
      const block = await runWork(trip, work);
      say({ block });
      await tidy();
      say({ tidied: true });
    };
    void run();
  });
}
say({ ready: true });
