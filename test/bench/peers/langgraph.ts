// LangGraph: a graph of one node that interrupts, kept by its own SQLite saver (with FULL, over the same SQLite as ours), and
// resumed with the decision.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PEERS } from './npm-peers.ts';
import { connectHeld, type Held, idOf } from './relay.ts';

/** What is used of the packages, which are not ours: they lie in the cache. */
type Graph = {
  readonly addNode: (name: string, node: (state: { readonly text: string }) => object) => Graph;
  readonly addEdge: (from: string, to: string) => Graph;
  readonly compile: (options: object) => {
    readonly invoke: (input: object, config: object) => Promise<Record<string, unknown>>;
  };
};
type LangGraph = {
  readonly StateGraph: new (annotation: object) => Graph;
  readonly Annotation: (() => object) & { readonly Root: (members: object) => object };
  readonly START: string;
  readonly END: string;
  readonly interrupt: (value: unknown) => unknown;
  readonly Command: new (options: object) => object;
};
type Db = { readonly pragma: (text: string) => unknown };
type Saver = { readonly SqliteSaver: new (db: Db) => object };

export const connectLangGraph = connectHeld(openGraph, () => 'LangGraph');

async function openGraph(folder: string): Promise<Held> {
  const load = createRequire(join(PEERS, 'package.json'));
  // The packages' own forms, of the versions that the script installed.
  const graph = load('@langchain/langgraph') as LangGraph;
  const { SqliteSaver } = load('@langchain/langgraph-checkpoint-sqlite') as Saver;
  const Database = load('better-sqlite3') as new (path: string) => Db;
  const db = new Database(join(folder, 'graph.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const { Annotation } = graph;
  const state = Annotation.Root({ text: Annotation(), decision: Annotation() });
  const held = new graph.StateGraph(state)
    .addNode('approval', ({ text }) => ({ decision: graph.interrupt(text) }))
    .addEdge(graph.START, 'approval')
    .addEdge('approval', graph.END)
    .compile({ checkpointer: new SqliteSaver(db) });
  // The saver makes its tables, and sets its own way to journal, with the first run.
  const under = (id: string): object => ({ configurable: { thread_id: id } });
  await held.invoke({ text: 'first' }, under('first'));
  db.pragma('synchronous = FULL');
  return {
    ask: async (text) => {
      const stopped = await held.invoke({ text }, under(idOf(text)));
      if (!('__interrupt__' in stopped)) throw new Error('the graph did not stop for its approval');
    },
    resume: async (decision) => {
      const done = await held.invoke(
        new graph.Command({ resume: decision }),
        under(idOf(decision)),
      );
      if (done['decision'] !== decision) throw new Error('the graph ended without the decision');
    },
  };
}
