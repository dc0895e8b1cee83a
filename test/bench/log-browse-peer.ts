// PostgreSQL beside the store: Debian's package, started here on a socket in a folder of its own, with the same rows, the
// indexes anybody would make and a GIN index over the same words. Times are those psql measures for each statement.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PeerRow } from './log-browse-rows.ts';

const ROOT = '/usr/lib/postgresql';

export type Peer = {
  /** Resolves once the file can take more. */
  readonly put: (row: PeerRow) => Promise<void>;
  /** Loads what was put and builds the indexes; its size in bytes. */
  readonly load: () => Promise<number>;
  /** Milliseconds of each statement. */
  readonly time: (statements: readonly string[]) => number[];
  readonly stop: () => Promise<void>;
};

/** Undefined where it is not installed: said by the caller. */
export async function startPeer(folder: string): Promise<Peer | undefined> {
  const version = existsSync(ROOT) ? readdirSync(ROOT).sort().at(-1) : undefined;
  if (version === undefined || !existsSync(join(ROOT, version, 'bin/initdb'))) return undefined;
  const bin = (name: string): string => join(ROOT, version, 'bin', name);
  const home = join(folder, 'pg');
  mkdirSync(home, { mode: 0o700 });
  // PostgreSQL refuses to run as root: its own account then.
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (account) chownSync(home, account.uid, account.gid);
  const as = { ...account, cwd: home, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const cluster = join(home, 'd');
  execFileSync(bin('initdb'), ['-D', cluster, '-U', 'bench', '-A', 'trust', '--no-sync'], {
    ...as,
    stdio: 'ignore',
  });
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${home}`,
    'shared_buffers=1GB',
    'maintenance_work_mem=512MB',
    'max_wal_size=4GB',
    'jit=off',
  ];
  const server = spawn(
    bin('postgres'),
    ['-D', cluster, ...settings.flatMap((one) => ['-c', one])],
    { ...as, stdio: 'ignore' },
  );
  const psql = (args: readonly string[], input: string): string =>
    execFileSync(
      bin('psql'),
      ['-X', '-q', '-h', home, '-U', 'bench', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', ...args],
      {
        ...as,
        input,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
  // An interrupted run must not leave a server behind.
  process.once('exit', () => server.kill('SIGKILL'));
  await ready(() => psql(['-c', 'select 1'], ''));
  return peerOver(server, home, psql);
}

function peerOver(
  server: ChildProcess,
  home: string,
  psql: (args: readonly string[], input: string) => string,
): Peer {
  const file = join(home, 'rows.tsv');
  writeFileSync(file, '', { mode: 0o644 });
  const out = createWriteStream(file);
  return {
    put: async (row) => {
      if (!out.write(lineOf(row))) await once(out, 'drain');
    },
    load: async () => {
      out.end();
      await once(out, 'close');
      psql([], TABLE);
      psql(['-c', `\\copy entry from '${file}'`], '');
      psql([], INDEXES);
      return Number(psql(['-At', '-c', "select pg_total_relation_size('entry')"], '').trim());
    },
    time: (statements) =>
      [
        ...psql(['-At'], `\\o /dev/null\n\\timing on\n${statements.join(';\n')};\n`).matchAll(
          /^Time: ([\d.]+) ms/gm,
        ),
      ].map(([, ms]) => Number(ms)),
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
    },
  };
}

const TABLE = `create table entry (idx bigint primary key, digest text, at bigint, title text, kind text, target text,
  agent text, person text, guard text, host text, tier text, verdict text, reviewer text, took bigint, words text);`;
const INDEXES = `alter table entry add column tsv tsvector generated always as (to_tsvector('simple', words)) stored;
create index on entry using gin (tsv) with (fastupdate = off);
create index on entry (agent, idx); create index on entry (target, idx); create index on entry (reviewer, verdict, idx);
create index on entry (agent, target, idx); create index on entry (host, idx); create index on entry (tier, idx);
vacuum analyze entry;`;

function lineOf({ idx, digest, mark, decision }: PeerRow): string {
  const { words } = mark;
  const took = decision && decision.at - mark.at;
  const values = [
    idx,
    digest,
    mark.at,
    mark.title,
    mark.kind,
    mark.target,
    mark.agent,
    mark.person,
    mark.guard,
    mark.host,
    mark.tier,
    decision?.verdict,
    decision?.reviewer,
    took,
    `${words.action} ${words.reason} ${words.who}`,
  ];
  const escaped = values.map((value) =>
    value === undefined ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (sign) => `\\${sign}`),
  );
  return `${escaped.join('\t')}\n`;
}

async function ready(ask: () => void): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return ask();
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('/usr/bin/id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
