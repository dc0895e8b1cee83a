// The view of whole requests: every member is there, nothing else passes, and the text alone gives the request back.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { toHex } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import { MAX_INLINE_BYTES } from '../../../shared/statement/fields.ts';
import { MAX_REQUEST_PAYLOAD, Request } from '../../../shared/statement/request.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import { decodeView } from '../../../shared/statement/view/decode.ts';
import {
  MAX_PAYLOAD_BYTES,
  RENDERER,
  renderView,
  rowText,
  viewText,
} from '../../../shared/statement/view/render.ts';
import { LONG_BYTES } from '../../../shared/statement/view/values.ts';
import { EXEC, randomRequest, requestOf } from './view-samples.ts';
import {
  viewOf,
  cj,
  codeOf,
  SAMPLES,
  filesOf,
  type Step,
  leaves,
  changed,
  another,
} from './view-kit.ts';

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
    case 'custom':
      // The facts alone: names with a value, or with a list of them.
      return [`${path}.*`, `${path}.*.*`];
    default:
      return [path];
  }
}

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
            ? { ...(value as { readonly [name: string]: Cj }), unknown: { a: 1 } }
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
