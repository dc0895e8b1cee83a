import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../../main/trust/digest.ts';
import { measureStdin, sameStdin, type StdinChoice } from '../../../../main/guard/exec/stdin.ts';
import { utf8 } from '../../../../shared/bytes.ts';
import { got, type Yard, yard } from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
});
afterAll(() => place.remove());

const at = (fd: number, choice: StdinChoice, strict = false) =>
  measureStdin({ fd, choice, strict, scratch: place.scratch });

test('a regular file is bound from the descriptor offset on, and its copy is fed', async () => {
  await writeFile(place.at('file'), 'skipped approved');
  const file = await open(place.at('file'), 'r');
  await file.read(Buffer.alloc(8), 0, 8, null);
  const held = got(await at(file.fd, 'auto'));
  expect(held.shown).toEqual({ from: 'bound', sha256: sha256Hex(utf8('approved')), size: 8 });
  await writeFile(place.at('file'), 'skipped changed!');
  expect(await sameStdin(held, file.fd)).toBe(true);
  if (!held.feeds || !('copy' in held.feeds)) throw new Error('no copy');
  expect((await held.feeds.copy.stat()).mode & 0o777).toBe(0o600);
  expect((await held.feeds.copy.stat()).nlink).toBe(0);
  expect(readdirSync(place.scratch)).toEqual([]);
  expect(await held.feeds.copy.readFile('utf8')).toBe('approved');
  await held.feeds.copy.close();
  await file.close();
});

test('8 MiB are bound, one byte more is refused', async () => {
  for (const [size, fits] of [
    [8 * 1024 * 1024, true],
    [8 * 1024 * 1024 + 1, false],
  ] as const) {
    await writeFile(place.at('big'), Buffer.alloc(size));
    const file = await open(place.at('big'), 'r');
    const held = await at(file.fd, 'auto');
    expect(held.ok).toBe(fits);
    if (held.ok && held.value.feeds && 'copy' in held.value.feeds)
      await held.value.feeds.copy.close();
    await file.close();
  }
});

test('/dev/null and --stdin nothing are nothing', async () => {
  const none = await open('/dev/null', 'r');
  expect(got(await at(none.fd, 'auto')).shown).toEqual({ from: 'nothing' });
  expect(got(await at(none.fd, 'auto', true)).shown).toEqual({ from: 'nothing' });
  await writeFile(place.at('file'), 'x');
  const file = await open(place.at('file'), 'r');
  expect(got(await at(file.fd, 'nothing')).shown).toEqual({ from: 'nothing' });
  const live = got(await at(file.fd, 'live'));
  expect(live.shown).toEqual({ from: 'live' });
  expect(await sameStdin(live, file.fd)).toBe(true);
  expect(await sameStdin(live, none.fd)).toBe(false);
  await none.close();
  await file.close();
});

describe('in a process of its own', () => {
  const module = fileURLToPath(new URL('../../../../main/guard/exec/stdin.ts', import.meta.url));
  const program = (choice: StdinChoice, strict: boolean) => `
    const { measureStdin } = await import(${JSON.stringify(module)});
    const source = { fd: 0, choice: '${choice}', strict: ${strict}, scratch: process.env.SCRATCH };
    const held = await measureStdin(source);
    console.log(JSON.stringify(held.ok ? held.value.shown : held.code));`;
  const words = (choice: StdinChoice, strict: boolean) => [
    '--no-warnings',
    '--input-type=module',
    '-e',
    program(choice, strict),
  ];
  const env = () => ({ ...process.env, SCRATCH: place.scratch });
  const piped = (choice: StdinChoice, strict = false): unknown =>
    JSON.parse(
      spawnSync(process.execPath, words(choice, strict), {
        input: 'abc',
        env: env(),
        encoding: 'utf8',
      }).stdout,
    );

  test('a pipe is live, bound on request, and refused live under strict', () => {
    expect(piped('auto')).toEqual({ from: 'live' });
    expect(piped('bound')).toEqual({ from: 'bound', sha256: sha256Hex(utf8('abc')), size: 3 });
    expect(piped('bound', true)).toMatchObject({ from: 'bound' });
    expect(piped('auto', true)).toBe('usage');
    expect(piped('nothing', true)).toEqual({ from: 'nothing' });
  });

  test('a pipe that dribbles is read to its end', async () => {
    const child = spawn(process.execPath, words('bound', false), { env: env() });
    for (const part of ['a', 'b', 'c']) {
      await new Promise((written) => child.stdin.write(part, written));
    }
    child.stdin.end();
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ size: 3 });
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;
  test.runIf(hasScript)('a terminal is a terminal', () => {
    const quoted = [process.execPath, ...words('auto', true)]
      .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
      .join(' ');
    const out = spawnSync('script', ['-qec', quoted, '/dev/null'], {
      env: env(),
      encoding: 'utf8',
    });
    expect(out.stdout).toContain('{"from":"terminal"}');
  });
});
