// Which folder may import what: the one table. A file belongs to the zone with the longest matching prefix; what its zone
// does not list is refused. `reach` says what must not be loaded even by a long way round.

import { type Import, importsOf, packageOf, resolveFrom, type Source } from './sources.ts';

type Zone = {
  readonly zones: readonly string[];
  readonly packages: readonly string[];
  /** Node's own modules: all, none, or just these. */
  readonly node: 'all' | 'none' | readonly string[];
};

const CORE = ['shared/', 'main/trust/'];
const LOW = [...CORE, 'main/state/', 'main/policy/', 'main/link/'];
const APP = [...LOW, 'main/evidence/', 'main/ledger/', 'main/app/', 'main/app/store'];
const HOSTS = [...APP, 'main/broker/', 'main/guard/', 'main/channels/', 'main/hosts/'];
const CLI = [...HOSTS, 'main/hosts/electron/', 'main/cli/'];

/** Each zone also sees itself. */
const ZONES: Readonly<Record<string, Zone>> = {
  'shared/': { zones: [], packages: ['zod'], node: 'none' },
  'main/trust/': {
    zones: CORE,
    // libsodium is optional, loaded late, and asked only once it has proven itself.
    packages: ['zod', '@noble/curves', 'sodium-native'],
    // No I/O: hashing and key agreement only.
    node: ['node:crypto'],
  },
  // The verifier is one file for any Node: nothing below it may need more. No module of Node's at all: `trust` hashes.
  'main/evidence/': { zones: CORE, packages: [], node: 'none' },
  'main/state/': { zones: CORE, packages: ['zod'], node: 'all' },
  'main/ledger/': { zones: CORE, packages: ['zod', 'better-sqlite3'], node: 'all' },
  'main/policy/': {
    zones: CORE,
    packages: ['zod', '@cedar-policy/cedar-wasm', 'libpg-query', 'unbash'],
    node: 'all',
  },
  'main/link/': { zones: CORE, packages: ['zod', 'ws'], node: 'all' },
  'main/broker/': { zones: [...LOW, 'main/ledger/'], packages: ['zod', 'ws'], node: 'all' },
  'main/guard/': { zones: LOW, packages: ['zod', 'ws'], node: 'all' },
  // The process with the window never opens a database: only its store, a process of its own, does.
  'main/app/': { zones: APP, packages: ['zod', 'ws'], node: 'all' },
  'main/app/store': { zones: APP, packages: ['zod', 'better-sqlite3'], node: 'all' },
  'main/channels/': { zones: LOW, packages: ['zod', 'ws'], node: 'all' },
  'main/hosts/': { zones: HOSTS, packages: ['zod', 'ws'], node: 'all' },
  'main/hosts/electron/': { zones: HOSTS, packages: ['zod', 'electron'], node: 'all' },
  'main/cli/': { zones: CLI, packages: ['zod'], node: 'all' },
  'main/': { zones: CLI, packages: ['zod'], node: 'all' },
  'main/index.ts': { zones: CLI, packages: ['electron'], node: 'all' },
  'preload/': { zones: ['shared/'], packages: ['electron'], node: 'none' },
  'renderer/': {
    zones: ['shared/'],
    packages: ['react', 'react-dom', 'zustand', 'zod'],
    node: 'none',
  },
};

type Reach = {
  readonly from: string;
  /** Follow `import()` too: false where a part may be loaded when it is asked for. */
  readonly lazily: boolean;
  readonly never: readonly string[];
};

const REACH: readonly Reach[] = [
  {
    from: 'main/guard/',
    lazily: true,
    never: [
      'main/ledger/',
      'main/app/',
      'main/hosts/',
      'main/broker/',
      'better-sqlite3',
      'electron',
      'react',
      'react-dom',
    ],
  },
  { from: 'main/browser.ts', lazily: true, never: ['better-sqlite3', 'electron'] },
  { from: 'main/index.ts', lazily: true, never: ['better-sqlite3'] },
  { from: 'main/cli.ts', lazily: false, never: ['better-sqlite3', 'electron', 'react'] },
];

/** One sentence for each import that its folder may not have. */
export function zoneFaults(source: Source): readonly string[] {
  const name = zoneOf(source.path);
  const zone = name === undefined ? undefined : ZONES[name];
  if (name === undefined || zone === undefined) return [];
  return importsOf(source)
    .map((imported) => refused(source.path, name, zone, imported))
    .filter((fault) => fault !== undefined);
}

/** One sentence for each forbidden thing that can be loaded from where it must not be, with the way there. */
export function reachFaults(sources: readonly Source[]): readonly string[] {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  return REACH.flatMap((rule) =>
    [...imports.keys()]
      .filter((path) => path.startsWith(rule.from))
      .flatMap((path) => waysOut(path, rule, imports)),
  );
}

function waysOut(
  start: string,
  rule: Reach,
  imports: ReadonlyMap<string, readonly Import[]>,
): readonly string[] {
  const faults: string[] = [];
  const seen = new Set([start]);
  const open: string[][] = [[start]];
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const here = way.at(-1) ?? start;
    for (const { specifier, typeOnly, dynamic } of imports.get(here) ?? []) {
      if (specifier === undefined || typeOnly || (dynamic && !rule.lazily)) continue;
      const relative = specifier.startsWith('.');
      const target = relative ? resolveFrom(here, specifier) : packageOf(specifier);
      if (seen.has(target)) continue;
      seen.add(target);
      if (rule.never.some((never) => target === never || (relative && target.startsWith(never))))
        faults.push(`${[...way, target].join(' -> ')}: ${rule.from} never loads it`);
      else if (relative) open.push([...way, target]);
    }
  }
  return faults;
}

function refused(path: string, name: string, zone: Zone, imported: Import): string | undefined {
  const { specifier } = imported;
  if (specifier === undefined) return `${path}: imports a computed name`;
  if (specifier.startsWith('.')) {
    const target = resolveFrom(path, specifier);
    const targetZone = zoneOf(target);
    if (targetZone === name || zone.zones.some((allowed) => allowed === targetZone))
      return undefined;
    return `${path}: ${name} may not import ${target}`;
  }
  if (specifier.startsWith('node:')) {
    if (zone.node === 'all' || (zone.node !== 'none' && zone.node.includes(specifier)))
      return undefined;
    return `${path}: ${name} may not import ${specifier}`;
  }
  if (zone.packages.includes(packageOf(specifier))) return undefined;
  return `${path}: ${name} may not import ${specifier}`;
}

function zoneOf(path: string): string | undefined {
  return Object.keys(ZONES)
    .filter((prefix) => path.startsWith(prefix))
    .toSorted((left, right) => right.length - left.length)[0];
}
