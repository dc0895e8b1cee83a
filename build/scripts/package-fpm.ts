// Stands in for fpm where a machine has none: takes the arguments that electron-builder gives it for a deb and makes the
// same package with dpkg-deb. Anything else it refuses. Real fpm, where there is one, is preferred.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export type DebOrder = {
  /** Every option by its long name without dashes; the last one wins. */
  readonly options: ReadonlyMap<string, string>;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** Source to place in the package; a source that ends in `/` is a folder's content. */
  readonly content: readonly (readonly [from: string, to: string])[];
};

const KNOWN = [
  's',
  't',
  'architecture',
  'after-install',
  'after-remove',
  'category',
  'deb-compression',
  'deb-priority',
  'description',
  'license',
  'maintainer',
  'name',
  'package',
  'url',
  'vendor',
  'version',
];

/** Throws one sentence about an argument that it does not know. */
export function readDebOrder(args: readonly string[]): DebOrder {
  const options = new Map<string, string>();
  const depends: string[] = [];
  const recommends: string[] = [];
  const content: (readonly [string, string])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--force') continue;
    if (!word.startsWith('-')) {
      const split = word.lastIndexOf('=');
      if (split < 1) throw new Error(`no place is given for ${word}`);
      content.push([word.slice(0, split), word.slice(split + 1)]);
      continue;
    }
    const name = word.replace(/^-+/, '');
    const value = args[(at += 1)];
    if (value === undefined) throw new Error(`${word} has no value`);
    if (name === 'd') depends.push(value);
    else if (name === 'deb-recommends') recommends.push(value);
    else if (KNOWN.includes(name)) options.set(name, value);
    else throw new Error(`${word} is not known here`);
  }
  if (options.get('t') !== 'deb') throw new Error('only deb packages can be made here');
  return { options, depends, recommends, content };
}

/** The `control` file (Debian Policy 5.3). `size` is in KiB. */
export function controlOf({ options, depends, recommends }: DebOrder, size: number): string {
  const option = (name: string): string => options.get(name) ?? '';
  const [first = '', ...more] = option('description').split('\n');
  const description = more.map((line) => (line.trim() === '' ? ' .' : ` ${line.trim()}`));
  const fields: readonly (readonly [string, string])[] = [
    ['Package', option('name')],
    ['Version', option('version')],
    ['License', option('license')],
    ['Vendor', option('vendor')],
    ['Architecture', option('architecture')],
    ['Maintainer', option('maintainer')],
    ['Installed-Size', String(size)],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', option('category')],
    ['Priority', option('deb-priority')],
    ['Homepage', option('url')],
    ['Description', [first.trim(), ...description].join('\n')],
  ];
  const given = fields.filter(([, value]) => value !== '');
  return `${given.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

/** Writes the package. */
export function makeDeb(order: DebOrder): void {
  const tree = mkdtempSync(join(tmpdir(), 'countersign-deb-'));
  try {
    chmodSync(tree, 0o755);
    for (const [from, to] of order.content) {
      const target = join(tree, to);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(from, target, { recursive: true, verbatimSymlinks: true });
      if (statSync(from).isFile()) chmodSync(target, 0o644);
    }
    const files = filesIn(tree);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const control = join(tree, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'control'), controlOf(order, Math.ceil(bytes / 1024)));
    writeFileSync(join(control, 'md5sums'), files.map((file) => md5Line(tree, file)).join(''));
    for (const [option, name] of [
      ['after-install', 'postinst'],
      ['after-remove', 'postrm'],
    ] as const) {
      const script = order.options.get(option);
      if (script === undefined) continue;
      cpSync(script, join(control, name));
      chmodSync(join(control, name), 0o755);
    }
    const method = order.options.get('deb-compression') ?? 'xz';
    const level = method === 'gz' ? ['-Zgzip', '-z1'] : [`-Z${method}`];
    const output = order.options.get('package') ?? '';
    execFileSync('dpkg-deb', ['--root-owner-group', ...level, '--build', tree, output]);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const filesIn = (tree: string): readonly string[] =>
  readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .map((name) => join(tree, name))
    .filter((file) => lstatSync(file).isFile());

// dpkg's own list is of MD5 sums: against damage, not against an attacker.
const md5Line = (tree: string, file: string): string =>
  `${createHash('md5').update(readFileSync(file)).digest('hex')}  ${relative(tree, file)}\n`;

if (import.meta.main) {
  makeDeb(readDebOrder(process.argv.slice(2)));
}
