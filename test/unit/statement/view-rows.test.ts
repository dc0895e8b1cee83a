// The card at its edges: bytes that are no request, attachments, what must be seen, and rows as the window gets them.

import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { MAX_REQUEST_PAYLOAD } from '../../../shared/statement/request.ts';
import { decodeView } from '../../../shared/statement/view/decode.ts';
import { VIEW_FLAGS } from '../../../shared/statement/view/flags.ts';
import { folds, notSo } from '../../../shared/statement/view/fold.ts';
import { SECTIONS } from '../../../shared/statement/view/part.ts';
import {
  lineOf,
  MAX_MUST_BYTES,
  renderView,
  type View,
  viewText,
} from '../../../shared/statement/view/render.ts';
import { EXEC, HTTP, requestOf, TOOL } from './view-samples.ts';
import {
  NO_FILES,
  D,
  viewOf,
  cj,
  codeOf,
  rowAt,
  withArgs,
  LONG,
  attached,
  SAMPLES,
  FILES,
  changed,
} from './view-kit.ts';

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

describe('facts that are not so', () => {
  const row = { path: 'facts.force', must: false, text: 'false' };

  test('may be put away together; what is so, what is no yes or no, and what is no fact may not', () => {
    expect(notSo(row)).toBe(true);
    for (const other of [
      { ...row, text: 'true' },
      { ...row, text: '0' },
      { ...row, text: '“false”' },
      { ...row, path: 'action.inputBound' },
      { ...row, path: 'factsheet' },
    ])
      expect(notSo(other)).toBe(false);
  });

  test('never where the row must be seen', () => {
    expect(notSo({ ...row, must: true })).toBe(false);
  });

  test('stay in the text that is hashed', () => {
    const view = viewOf(cj(requestOf(EXEC, { facts: { kind: 'exec', force: false, root: true } })));
    const away = view.rows.filter(notSo);
    expect(away.map(({ path }) => path)).toEqual(['facts.force']);
    expect(viewText(view)).toContain('Fact force: false');
  });
});
