// The view of whole requests: every member is there, nothing else passes, and the text alone gives the request back.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { toHex, utf8 } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import { MAX_INLINE_BYTES } from '../../../shared/statement/fields.ts';
import { MAX_REQUEST_PAYLOAD, Request } from '../../../shared/statement/request.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import { decodeView } from '../../../shared/statement/view/decode.ts';
import { VIEW_FLAGS } from '../../../shared/statement/view/flags.ts';
import { folds } from '../../../shared/statement/view/fold.ts';
import { SECTIONS } from '../../../shared/statement/view/part.ts';
import {
  lineOf,
  MAX_MUST_BYTES,
  MAX_PAYLOAD_BYTES,
  RENDERER,
  renderView,
  rowText,
  type View,
  viewText,
} from '../../../shared/statement/view/render.ts';
import { LONG_BYTES } from '../../../shared/statement/view/values.ts';
import { EXEC, HTTP, MCP, randomRequest, requestOf, TOOL } from './view-samples.ts';

const NO_FILES: ReadonlyMap<string, Uint8Array> = new Map();
const D = 'ab'.repeat(32);

function viewOf(request: Cj, files: ReadonlyMap<string, Uint8Array> = NO_FILES): View {
  const view = renderView(encodeCj(request), files);
  if (!view.ok) throw new Error(`${view.code} ${view.detail ?? ''}`);
  return view.value;
}
// Requests are CJ-1 values: encodeStatement of the same samples below proves it.
const cj = (request: Request): Cj => request as unknown as Cj;
const codeOf = (request: Cj, files = NO_FILES): string => {
  const view = renderView(encodeCj(request), files);
  return view.ok ? 'ok' : view.code;
};
const rowAt = (view: View, label: string) => {
  const row = view.rows.find((each) => each.label === label);
  if (!row) throw new Error(`no row ${label}`);
  return row;
};
const withArgs = (...argv: string[]): Request => requestOf({ ...EXEC, argv: ['node', ...argv] });

const LONG = { attachment: D, size: 5000 };
const attached = (size = 5000): Partial<Request> => ({
  attachments: [{ sha256: D, size, mediaType: 'text/plain', name: 'a' }],
});
const SAMPLES: readonly Request[] = [
  requestOf(EXEC),
  requestOf({ ...EXEC, stdin: { from: 'live' }, argv: ['node', LONG] }, attached()),
  requestOf(MCP),
  requestOf({ ...HTTP, body: D }, attached()),
  requestOf(TOOL),
  requestOf({ ...TOOL, cwd: { b64: 'AA==' } }),
];
const FILES = new Map([[D, utf8('line\n'.repeat(1000))]]);
const filesOf = (request: Request) => (request.attachments.length > 0 ? FILES : NO_FILES);

test('the text of one sample is the literal vector', () => {
  const file = new URL('../../vectors/view/sample.txt', import.meta.url);
  const text = viewText(viewOf(cj(requestOf(EXEC))));
  if (process.env['WRITE_VECTORS'] === 'view') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
  expect(RENDERER).toBe('countersign-view/1');
});

test('limits agree with the schema, which the window does not load', () => {
  expect(LONG_BYTES).toBe(MAX_INLINE_BYTES);
  expect(MAX_PAYLOAD_BYTES).toBe(MAX_REQUEST_PAYLOAD);
});

/** Paths of all members that a schema names; `*` for items and free names. */
function schemaPaths(schema: z.core.$ZodType, path: string): string[] {
  // The public definition of a schema, as zod documents it for tools.
  const { def } = schema._zod as unknown as { def: z.core.$ZodTypeDef & Record<string, unknown> };
  // Each case reads the members that zod documents for that kind of schema.
  const at = (key: string) => def[key] as z.core.$ZodType;
  switch (def.type) {
    case 'object':
      return Object.entries(def['shape'] as Record<string, z.core.$ZodType>).flatMap(
        ([name, inner]) => schemaPaths(inner, path === '' ? name : `${path}.${name}`),
      );
    case 'array':
      return schemaPaths(at('element'), `${path}.*`);
    case 'record':
      return schemaPaths(at('valueType'), `${path}.*`);
    case 'union':
      return (def['options'] as z.core.$ZodType[]).flatMap((each) => schemaPaths(each, path));
    case 'optional':
      return schemaPaths(at('innerType'), path);
    case 'pipe':
      return schemaPaths(at('in'), path);
    default:
      return [path];
  }
}

type Step = string | number;
function leaves(value: Cj, path: readonly Step[] = []): { path: readonly Step[]; value: Cj }[] {
  if (typeof value !== 'object') return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner as Cj, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}
function changed(value: Cj, path: readonly Step[], change: (value: Cj) => Cj | undefined): Cj {
  const copy = structuredClone(value) as Record<Step, Cj>;
  let inner = copy;
  for (const step of path.slice(0, -1)) inner = inner[step] as Record<Step, Cj>;
  const last = path.at(-1) ?? '';
  const next = change(inner[last] ?? '');
  if (next === undefined) delete inner[last];
  else inner[last] = next;
  return copy;
}
const another = (value: Cj): Cj => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = value as string;
  return /^[0-9a-f]{32,}$/.test(text)
    ? text.replace(/.$/, (c) => (c === '0' ? '1' : '0'))
    : `${text}x`;
};

describe('the request is shown whole', () => {
  const general = (path: readonly Step[]): string =>
    path
      .map((step) => (typeof step === 'number' ? '*' : step))
      .join('.')
      .replace(/^facts\.\w+/, 'facts.*')
      .replace(/\.b64$/, '');

  test('the samples are valid statements and have every member of the schema', () => {
    for (const request of SAMPLES) encodeStatement('request', request);
    const there = new Set(
      SAMPLES.flatMap((each) => leaves(cj(each)).map((leaf) => general(leaf.path))),
    );
    const wanted = [...new Set(schemaPaths(Request, ''))];
    const RAW_FORMS = /\.(b64|attachment|size)$/;
    const missing = wanted.filter((path) => !there.has(path) && !RAW_FORMS.test(path));
    console.log(`${wanted.length} members in the schema`);
    expect(wanted.length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });

  test('a change of any member changes the text, or is refused', () => {
    let [shown, refused] = [0, 0];
    const silent: string[] = [];
    for (const request of SAMPLES) {
      const text = viewText(viewOf(cj(request), filesOf(request)));
      for (const { path } of leaves(cj(request))) {
        const view = renderView(encodeCj(changed(cj(request), path, another)), filesOf(request));
        if (!view.ok) refused++;
        else if (viewText(view.value) === text) silent.push(path.join('.'));
        else shown++;
      }
    }
    console.log(`${shown} changes shown, ${refused} refused`);
    expect(silent).toEqual([]);
    expect(shown).toBeGreaterThan(150);
  });

  test('every leaf has its own row, or stands in the row of its parent', () => {
    for (const request of SAMPLES) {
      const paths = viewOf(cj(request), filesOf(request)).rows.flatMap(({ path }) => {
        const several = /^(.*)\{(.*)\}$/.exec(path);
        return several ? (several[2] ?? '').split(',').map((n) => `${several[1]}${n}`) : [path];
      });
      for (const { path } of leaves(cj(request))) {
        const own = path.join('.');
        const parents = [own, path.slice(0, -1).join('.')];
        expect(paths.some((each) => parents.includes(each))).toBe(true);
      }
    }
  });

  test('a member that the renderer does not know is refused, at every depth', () => {
    let tried = 0;
    for (const request of SAMPLES) {
      const homes = new Set(
        leaves(cj(request)).flatMap(({ path }) =>
          path.map((_, i) => JSON.stringify(path.slice(0, i))),
        ),
      );
      for (const home of homes) {
        const path = JSON.parse(home) as Step[];
        const more = changed({ root: cj(request) }, ['root', ...path], (value) =>
          typeof value === 'object' && !Array.isArray(value)
            ? { ...value, unknown: { a: 1 } }
            : value,
        ) as { root: Cj };
        if (JSON.stringify(more.root) === JSON.stringify(request)) continue;
        tried++;
        expect(codeOf(more.root, filesOf(request))).toBe('unknownShape');
      }
    }
    console.log(`${tried} places for an unknown member`);
    expect(tried).toBeGreaterThan(40);
  });

  test('a member that is missing is refused, unless the schema lets it', () => {
    const FREE =
      /^(facts|parent$|action\.body$|(?:action\.argv|action\.interpreterArgs|policy\.rules|checks)\.)/;
    for (const request of SAMPLES)
      for (const { path } of leaves(cj(request))) {
        if (FREE.test(path.join('.')) || typeof path.at(-1) === 'number') continue;
        const less = changed(cj(request), path, () => undefined);
        expect(['unknownShape', 'attachmentMissing']).toContain(codeOf(less, filesOf(request)));
      }
  });
});

describe('the way back', () => {
  test('gives every sample and 600 random requests, byte for byte', () => {
    const texts = new Set<string>();
    let bytes = 0;
    const all = [
      ...SAMPLES.map((each) => ({ request: cj(each), attachments: filesOf(each) })),
      ...Array.from({ length: 600 }, (_, seed) => randomRequest(seed)),
    ];
    for (const { request, attachments } of all) {
      const payload = encodeCj(request);
      const text = viewText(viewOf(request, attachments));
      const back = decodeView(text);
      if (!back.ok) throw new Error(`${back.detail}\n${text}`);
      expect(toHex(back.value.payload)).toBe(toHex(payload));
      expect(sorted(back.value.attachments)).toEqual(sorted(attachments));
      texts.add(text);
      bytes += text.length;
    }
    console.log(`${all.length} requests, ${texts.size} texts, ${bytes} characters`);
    expect(texts.size).toBe(all.length);
  }, 30_000);

  test('labels are unique and rows stay on their own lines', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { request, attachments } = randomRequest(seed);
      const { rows } = viewOf(request, attachments);
      expect(new Set(rows.map((row) => row.label)).size).toBe(rows.length);
      const label = /^(?:[A-Za-z0-9_.,“” -]|⟦[^⟦⟧]*⟧)+$/u;
      for (const row of rows) {
        expect(row.label).toMatch(label);
        const [, ...more] = rowText(row).slice(0, -1).split('\n');
        expect(more.every((line) => line.startsWith('│ '))).toBe(true);
        if (row.critical) expect(row.text).toMatch(/^“?(?:[ -~]|⟦[ -~×]*⟧)*”?$/u);
      }
    }
  });

  test('refuses any text that is not the text of a request', () => {
    const text = viewText(viewOf(cj(requestOf(EXEC))));
    const lines = text.split('\n');
    const wrong = [
      '',
      'x',
      text.slice(0, -1),
      `${text}\n`,
      `${text}Extra: “x”\n`,
      text.replace('“customers”', '“⟦U+0063⟧ustomers”'),
      text.replace('Argument 2', 'Argument 3'),
      text.replace('Environment 2', 'Environment 4'),
      text.replace(': 1 from', ': 01 from'),
      text.replace('09:35', '09:36'),
      [lines[1], lines[0], ...lines.slice(2)].join('\n'),
      ...lines.slice(0, -1).map((_, i) => lines.toSpliced(i, 1).join('\n')),
      ...lines.slice(0, -1).map((line, i) => lines.toSpliced(i, 0, line).join('\n')),
    ];
    // The only rows whose absence is another valid request.
    const free =
      /^(Argument 2|Environment 3 DB_PASSWORD|Changes the request|Fact \w+|Interpreter option 1): /;
    wrong.forEach((each, i) => {
      const gone = lines[i - 11];
      if (gone !== undefined && i < 11 + lines.length - 1 && free.test(gone)) return;
      expect(decodeView(each).ok).toBe(false);
    });
  });
});
const sorted = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files].map(([digest, bytes]) => `${digest} ${toHex(bytes)}`).toSorted();

describe('bytes that are no request', () => {
  test('are refused as not canonical', () => {
    for (const text of ['', '{', '{"a":1.0}', '{ }', '{"b":1,"a":1}', '{"a":null}'])
      expect(renderView(utf8(text), NO_FILES)).toMatchObject({ ok: false, code: 'notCanonical' });
    const large = new Uint8Array(MAX_REQUEST_PAYLOAD + 1).fill(0x20);
    expect(renderView(large, NO_FILES)).toMatchObject({ ok: false, code: 'notCanonical' });
  });

  test('are refused as an unknown shape', () => {
    for (const value of [1, 'x', [], {}, { attachments: [] }, { attachments: 1 }])
      expect(codeOf(value)).toBe('unknownShape');
    const sql = { ...(EXEC as unknown as Record<string, Cj>), kind: 'sql' };
    expect(codeOf({ ...(requestOf(EXEC) as unknown as Record<string, Cj>), action: sql })).toBe(
      'unknownShape',
    );
    for (const kind of ['__proto__', 'constructor', 'toString'])
      expect(codeOf(changed(cj(requestOf(TOOL)), ['action', 'kind'], () => kind))).toBe(
        'unknownShape',
      );
  });
});

describe('attachments', () => {
  const request = cj(SAMPLES[1] ?? requestOf(EXEC));

  test('are shown in full in the row of their value', () => {
    const row = rowAt(viewOf(request, FILES), 'Argument 1');
    expect(row.text.split('\n').length).toBe(1001);
    expect([row.bytes, row.must, folds(row)]).toEqual([5000, true, true]);
    expect(row.flags).toEqual(['multiline', 'longValue']);
  });

  test('are refused when missing, of another size, or not named', () => {
    expect(codeOf(request, NO_FILES)).toBe('attachmentMissing');
    expect(codeOf(request, new Map([[D, new Uint8Array(4999)]]))).toBe('attachmentDiffers');
    expect(codeOf(request, new Map([...FILES, ['cd'.repeat(32), utf8('x')]]))).toBe(
      'attachmentDiffers',
    );
    const size = { ...EXEC, argv: [{ attachment: D, size: 4999 }] };
    expect(codeOf(cj(requestOf(size, attached())), FILES)).toBe('attachmentDiffers');
    const unlisted = cj(requestOf({ ...EXEC, argv: [LONG] }));
    expect(codeOf(unlisted, FILES)).toBe('attachmentDiffers');
    expect(codeOf(unlisted)).toBe('attachmentMissing');
  });

  test('named twice are shown once and pointed to, and still come back', () => {
    const twice = cj(requestOf({ ...EXEC, argv: ['node', LONG, LONG] }, attached()));
    const view = viewOf(twice, FILES);
    expect(rowAt(view, 'Argument 2').text).toBe('the same bytes as Argument 1');
    const back = decodeView(viewText(view));
    expect(back.ok && toHex(back.value.payload)).toBe(toHex(encodeCj(twice)));
  });

  test('shown in letters are shown again where only ASCII may stand', () => {
    const bytes = utf8('\u0430'.repeat(3000));
    const files = new Map([[D, bytes]]);
    const long = { attachment: D, size: bytes.length };
    const action = { ...HTTP, path: long, query: long };
    const view = viewOf(cj(requestOf({ ...action, body: D }, attached(bytes.length))), files);
    expect(rowAt(view, 'Path').text).toMatch(/^“(⟦U\+0430⟧){3000}”$/u);
    expect(rowAt(view, 'Query').text).toMatch(/^“\u0430{3000}”$/u);
    expect(rowAt(view, 'Body').text).toBe('the same bytes as Query');
    expect(decodeView(viewText(view)).ok).toBe(true);
  });

  test('that no value names are previews, shown in full and must-see', () => {
    const view = viewOf(cj(requestOf(TOOL, attached(2))), new Map([[D, utf8('hi')]]));
    expect(rowAt(view, 'Attachment 1 content')).toMatchObject({
      text: '“hi”',
      must: true,
      section: 'action',
    });
  });

  test('of one megabyte are rendered whole, and can only be denied', () => {
    const size = 1 << 20;
    const big = cj(requestOf({ ...EXEC, argv: ['sh', { attachment: D, size }] }, attached(size)));
    const from = performance.now();
    const view = viewOf(big, new Map([[D, new Uint8Array(size).fill(0x61)]]));
    const text = viewText(view);
    console.log(
      `1 MiB argument: ${(performance.now() - from).toFixed(0)} ms, ${text.length} characters`,
    );
    expect(text.length).toBeGreaterThan(size);
    expect([view.approvable, view.flags.includes('tooMuch')]).toEqual([false, true]);
  });
});

describe('what is must-see', () => {
  test('what changes what runs, and who, for whom, why, where, tier and expiry', () => {
    const view = viewOf(cj(requestOf(EXEC)));
    const labels = view.rows.filter((row) => row.must).map((row) => row.label);
    expect(labels.join(', ')).toBe(
      'Action, Program, Argument 0, Argument 1, Argument 2, Script, Interpreter option 1, ' +
        'Folder, Environment 2 EXPORT_TABLE, Environment 3 DB_PASSWORD, Standard input, ' +
        'Input file 1, Bound by, Reason, Agent, On behalf of, Host, Runs as, Expires, Tier',
    );
    expect(view.rows.map((row) => SECTIONS.indexOf(row.section))).toEqual(
      view.rows.map((row) => SECTIONS.indexOf(row.section)).toSorted((a, b) => a - b),
    );
  });

  test('the usual environment is not, unless something about it is odd', () => {
    const env = [
      { name: 'HOME', value: '/root' },
      { name: 'LC_ALL', value: 'C' },
      { name: 'TERM', value: 'x\u200b' },
      { name: 'HOME ', value: '/root' },
      { name: 'LD_PRELOAD', value: 'x.so' },
    ];
    const { rows } = viewOf(cj(requestOf({ ...EXEC, env })));
    const must = rows.filter((row) => row.label.startsWith('Environment') && row.must);
    expect(must.map((row) => row.label).toSorted()).toEqual([
      'Environment 3 TERM',
      'Environment 4 HOME⟦U+0020⟧',
      'Environment 5 LD_PRELOAD',
    ]);
  });

  test('over 64 KiB of it cannot be approved; one byte less can', () => {
    const at = (size: number): View =>
      viewOf(
        cj(requestOf({ ...EXEC, argv: ['node', { attachment: D, size }] }, attached(size))),
        new Map([[D, new Uint8Array(size).fill(0x61)]]),
      );
    const rest = at(60_000).mustBytes - 60_000;
    expect(at(MAX_MUST_BYTES - rest)).toMatchObject({
      approvable: true,
      mustBytes: MAX_MUST_BYTES,
    });
    expect(at(MAX_MUST_BYTES - rest + 1).approvable).toBe(false);
  });
});

describe('rows', () => {
  test('arguments stand alone: one that is joined is not two', () => {
    const one = viewOf(cj(withArgs('push --force')));
    const two = viewOf(cj(withArgs('push', '--force')));
    expect(rowAt(one, 'Argument 1').text).toBe('“push --force”');
    expect(rowAt(two, 'Argument 2').text).toBe('“--force”');
    expect(viewText(one)).not.toBe(viewText(two));
  });

  test('a name in a label is one word of ASCII and tokens', () => {
    const env = ['A B', 'X: “1”\n', '', '⟦empty⟧', 'PATH', 'PATH', 'BASH_FUNC_x%%'].map((name) => ({
      name: name.includes('\n') ? { b64: btoa('X: 1\n') } : name,
      value: '1',
    }));
    const request = cj(requestOf({ ...EXEC, env }));
    const { rows } = viewOf(request);
    const labels = rows.map((row) => row.label).filter((label) => label.startsWith('Environment'));
    expect(labels).toEqual([
      'Environment 1 A⟦U+0020⟧B',
      'Environment 2 X⟦U+003A⟧⟦U+0020⟧1⟦U+000A⟧',
      'Environment 3 “”',
      'Environment 4 ⟦U+27E6⟧empty⟦U+27E7⟧',
      'Environment 7 BASH_FUNC_x⟦U+0025⟧⟦U+0025⟧',
      'Environment 5 PATH',
      'Environment 6 PATH',
    ]);
  });

  test('a host outside ASCII is shown by tokens and in punycode', () => {
    const view = viewOf(cj(requestOf({ ...HTTP, host: 'b\u00fccher.p\u0430ypal.com' })));
    expect(rowAt(view, 'Target host').text).toBe('“b⟦U+00FC⟧cher.p⟦U+0430⟧ypal.com”');
    expect(rowAt(view, 'Target host in punycode').text).toBe('“xn--bcher-kva.xn--pypal-4ve.com”');
    const xn = viewOf(cj(requestOf({ ...HTTP, host: 'xn--pypal-4ve.com' })));
    expect(xn.flags).toContain('punycodeHost');
  });

  test.each([
    [['sh', '-c', 'rm x'], true],
    [['/bin/bash', '-lc', 'x'], true],
    [['bash', '-x', '-c', 'x'], true],
    [['sudo', '-u', 'root', 'sh', '-c', 'x'], true],
    [['env', 'A=1', 'python3', '-c', 'x'], true],
    [['node', '-e', 'x'], true],
    [['node', '--eval=x'], true],
    [['perl', '-ne', 'x'], true],
    [['php', '-r', 'x'], true],
    [['awk', 'BEGIN{}'], true],
    [['pwsh', '-Command', 'x'], true],
    [['sh', 'script.sh', '-c'], false],
    [['grep', 'sh', '-c', 'x'], false],
    [['node', 'export.js', '-e'], false],
    [['git', '-c', 'a.b=1', 'push'], false],
  ])('%j holds a program text: %s', (argv, expected) => {
    const executable = { ...EXEC.executable, path: '/bin/x' };
    const action = { ...EXEC, argv, executable } as Request['action'];
    expect(viewOf(cj(requestOf(action))).flags.includes('shellInline')).toBe(expected);
  });

  test('the program that really starts counts, whatever argument 0 says', () => {
    const executable = { ...EXEC.executable, path: '/bin/bash' };
    const action = { ...EXEC, argv: ['ls', '-c', 'x'], executable } as Request['action'];
    expect(viewOf(cj(requestOf(action))).flags).toContain('shellInline');
  });

  test('live standard input and a call that a runtime makes later are flagged', () => {
    expect(
      viewOf(cj(requestOf({ ...EXEC, stdin: { from: 'live' } } as Request['action']))).flags,
    ).toContain('liveStdin');
    expect(viewOf(cj(requestOf(TOOL))).flags).toContain('textOnly');
  });

  test('flags can be signed: few, short, unique', () => {
    expect(VIEW_FLAGS.length).toBeLessThan(64);
    expect(new Set(VIEW_FLAGS).size).toBe(VIEW_FLAGS.length);
    expect(VIEW_FLAGS.every((flag) => /^[A-Za-z0-9]{1,60}$/.test(flag))).toBe(true);
  });

  test('the window builds the same text from its nodes', () => {
    const view = viewOf(cj(requestOf(EXEC)));
    expect(view.rows.map(({ label, text }) => lineOf(label, text)).join('')).toBe(viewText(view));
  });
});
