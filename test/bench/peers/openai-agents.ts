// OpenAI Agents: a run stops at a tool that needs approval, its RunState is kept in SQLite with FULL, and a new run takes it up.
// The model is a fake in the same process that costs nothing: it calls the tool once, then ends.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { PEERS } from './npm-peers.ts';
import { connectHeld, type Held, idOf } from './relay.ts';

/** What is used of the package `@openai/agents-core`, which is not one of ours: it lies in the cache. */
type State = { readonly approve: (one: unknown) => void; readonly toString: () => string };
type Ran = { readonly interruptions: readonly unknown[]; readonly state: State };
type Agents = {
  readonly Agent: new (options: object) => object;
  readonly Runner: new (
    options: object,
  ) => {
    readonly run: (agent: object, input: string | State) => Promise<Ran>;
  };
  readonly RunState: {
    readonly fromString: (
      agent: object,
      text: string,
    ) => Promise<State & { readonly getInterruptions: () => readonly unknown[] }>;
  };
  readonly Usage: new () => object;
  readonly tool: (options: object) => object;
};

export const connectOpenAi = connectHeld(openRuns, () => 'OpenAI Agents');

async function openRuns(folder: string): Promise<Held> {
  // The package's own form, of the version that the script installed.
  const core = createRequire(join(PEERS, 'package.json'))('@openai/agents-core') as Agents;
  const db = new Database(join(folder, 'runs.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table runs (id text primary key, state text not null, decision text) strict');
  const keep = db.prepare('insert into runs values (?, ?, null)');
  const decide = db.prepare('update runs set decision = ? where id = ?');
  const read = db.prepare<[string], { state: string }>('select state from runs where id = ?');
  const runs = core.tool({
    name: 'run',
    description: 'Runs one command.',
    strict: false,
    parameters: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: true,
    },
    needsApproval: true,
    execute: async () => 'done',
  });
  const agent = new core.Agent({
    name: 'bench',
    instructions: '',
    model: fakeModel(core),
    tools: [runs],
  });
  const runner = new core.Runner({ tracingDisabled: true });
  return {
    ask: async (text) => {
      const ran = await runner.run(agent, text);
      if (ran.interruptions.length !== 1) throw new Error('the run did not stop for its approval');
      keep.run(idOf(text), ran.state.toString());
    },
    resume: async (decision) => {
      const id = idOf(decision);
      decide.run(decision, id);
      const state = await core.RunState.fromString(agent, read.get(id)?.state ?? '');
      for (const one of state.getInterruptions()) state.approve(one);
      const ran = await runner.run(agent, state);
      if (ran.interruptions.length > 0) throw new Error('the run stopped again');
    },
  };
}

/** Asks for the tool where nothing has been run yet, else says that it is over. */
function fakeModel({ Usage }: Agents): object {
  type Item = { readonly type?: string; readonly role?: string };
  return {
    getResponse: async ({ input }: { readonly input: string | readonly Item[] }) => {
      const over =
        Array.isArray(input) && input.some(({ type }) => type === 'function_call_result');
      return {
        usage: new Usage(),
        output: over ? [MESSAGE] : [callOf(input)],
      };
    },
  };
}

const MESSAGE = {
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'done' }],
};

const callOf = (input: unknown): object => ({
  type: 'function_call',
  callId: `call-${JSON.stringify(input).length}`,
  name: 'run',
  status: 'completed',
  arguments: JSON.stringify({ text: typeof input === 'string' ? input : JSON.stringify(input) }),
});
