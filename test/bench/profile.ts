// Where the processor's time of a piece of work goes: a CPU profile by Node's own inspector, as shares of all samples by file
// (the file's own lines), and by function (with all that it called).

import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Say } from './options.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TOP = 12;

export async function profiled(what: string, work: () => Promise<void>, say: Say): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  sayWhere(what, profile, say);
}

/** Of a profile: what it has measured, not the time in which there was nothing to do. */
export function sayWhere(what: string, profile: Profiler.Profile, say: Say): void {
  const { own, whole } = sumsOf(profile);
  say(`  where ${what} goes, by file: ${topOf(own)}`);
  say(`  and by function with what it calls: ${topOf(whole)}`);
}

type Shares = ReadonlyMap<string, number>;

function sumsOf({ nodes, samples: all = [] }: Profiler.Profile): {
  readonly own: Shares;
  readonly whole: Shares;
} {
  const idle = new Set(
    nodes.flatMap(({ id, callFrame }) => (callFrame.functionName === '(idle)' ? [id] : [])),
  );
  const samples = all.filter((id) => !idle.has(id));
  const own = new Map<string, number>();
  const whole = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, hits: number): void =>
    void to.set(name, (to.get(name) ?? 0) + hits / samples.length);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const hits = new Map<number, number>();
  for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  /** A function that calls itself counts once. */
  const walk = (node: Profiler.ProfileNode, above: ReadonlySet<string>): number => {
    const { functionName } = node.callFrame;
    const file = fileOf(node.callFrame);
    const name = `${functionName} (${file})`;
    let sum = hits.get(node.id) ?? 0;
    add(own, file === '' ? `native ${functionName}` : file, sum);
    const inside = new Set(above).add(name);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) sum += walk(child, inside);
    }
    if (file !== '' && functionName !== '' && !above.has(name)) add(whole, name, sum);
    return sum;
  };
  const [root] = nodes;
  if (root !== undefined) walk(root, new Set());
  return { own, whole };
}

function fileOf({ url }: { readonly url: string }): string {
  if (!url.startsWith('file:')) return url;
  const path = relative(ROOT, fileURLToPath(url));
  // Of a package its name is enough.
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
}

const topOf = (shares: Shares): string =>
  [...shares]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, share]) => `${name} ${Math.round(share * 100)}%`)
    .join(', ');
