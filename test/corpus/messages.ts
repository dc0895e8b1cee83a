// Every message of the wire: one that is right, and every member of it missing, of another type or out of its form.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { CorpusFile, Hostile, Valid } from './case.ts';
import type { MessageSample } from './sample-messages.ts';

type Side = 'client' | 'server';
type Path = readonly (string | number)[];
type Change = readonly [why: string, value: unknown];

const ID = '0f'.repeat(16);
const DIGEST = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT/;
const BASE64 = /^[A-Za-z0-9+/]+=+$/;
const GONE = Symbol('gone');
const GROWS = '@@';

export function messageFile(side: Side, t: string, sample: MessageSample): CorpusFile {
  const message =
    side === 'client' ? { t, id: ID, body: sample.body } : { t, ref: ID, body: sample.body };
  return {
    what: `${t}, sent by a ${side}`,
    valid: valid(side, message, sample),
    hostile: [...wrongFrames(message), ...wrongMembers(side, message, sample)],
  };
}

const optionalOf = (side: Side, { optional = [] }: MessageSample): readonly string[] =>
  side === 'server' ? ['ref', ...optional] : optional;

function valid(side: Side, message: object, sample: MessageSample): readonly Valid[] {
  const without = optionalOf(side, sample).map((path) => ({
    why: `without ${path}`,
    text: JSON.stringify(withValue(message, keysOf(path), GONE)),
  }));
  return [{ why: 'as it is sent', text: JSON.stringify(message) }, ...without];
}

const bad = (why: string, text: string): Hostile => ({ why, code: 'badFrame', text });

/** What is wrong with the frame as a whole. */
function wrongFrames(message: { readonly t: string }): readonly Hostile[] {
  const text = JSON.stringify(message);
  const called = (t: unknown): string => JSON.stringify({ ...message, t });
  return [
    { ...bad('a byte over its limit', text), padTo: LIMITS.maxFrameBytes + 1 },
    bad('nothing', ''),
    bad('no JSON', message.t),
    bad('cut at its end', text.slice(0, -1)),
    bad('two in one frame', text + text),
    bad('its name in capitals', called(message.t.toUpperCase())),
    bad('a name of nobody', called('approve')),
    bad('the name of what every object has', called('constructor')),
    bad('the name of a prototype', called('__proto__')),
    bad('a number for its name', called(1)),
    bad(
      'deeper than a frame may be',
      text.replace(/\}$/, `,"deep":${'['.repeat(9)}${']'.repeat(9)}}`),
    ),
  ];
}

function wrongMembers(side: Side, message: object, sample: MessageSample): readonly Hostile[] {
  const optional = optionalOf(side, sample);
  const made: Hostile[] = [];
  for (const [path, value] of walk(message, [])) {
    const name = path.join('.');
    if (path.length > 0 && typeof path.at(-1) === 'string' && !optional.includes(name))
      made.push(bad(`${name} is missing`, put(message, path, GONE)));
    for (const [why, other] of changesOf(name, value, sample))
      if (name !== 't') made.push(bad(`${name || 'it'} ${why}`, put(message, path, other)));
    const longest = sample.longest?.[name];
    if (longest !== undefined)
      made.push({ ...bad(`${name} is too long`, put(message, path, GROWS)), grow: longest + 1 });
  }
  return made;
}

/** What each value must not become. */
function changesOf(
  name: string,
  value: unknown,
  { words = [], most = {} }: MessageSample,
): Change[] {
  if (Array.isArray(value)) {
    const limit = most[name];
    const over = limit === undefined ? [] : Array.from({ length: limit + 1 }, () => value[0]);
    return [
      ['is an object', {}],
      ['is null', null],
      ...(limit === undefined ? [] : [[`has ${limit + 1} entries`, over] as const]),
    ];
  }
  switch (typeof value) {
    case 'object':
      return [
        ['has a member of nobody', { ...value, more: 1 }],
        ['is a list', [value]],
        ['is null', null],
      ];
    case 'number':
      return [
        ['is negative', -1],
        ['is a fraction', 0.5],
        ['is 2^53', 2 ** 53],
        ['is a text', String(value)],
        ['is null', null],
      ];
    case 'boolean':
      return [
        ['is a number', 1],
        ['is a text', String(value)],
      ];
    default:
      return textChanges(String(value), words.includes(name));
  }
}

function textChanges(text: string, isWord: boolean): Change[] {
  const any: Change[] = [
    ['is a number', 1],
    ['is null', null],
    ['is a list', [text]],
  ];
  if (isWord) any.push(['is another word', 'approved'], ['is in capitals', text.toUpperCase()]);
  else if (DIGEST.test(text) || text === ID)
    any.push(
      ['is in capitals', 'AB'.repeat(text.length / 2)],
      ['is a byte short', text.slice(2)],
      ['is a byte long', `${text}00`],
      ['is not hexadecimal', `g${text.slice(1)}`],
      ['is followed by a line end', `${text}\n`],
    );
  else if (TIME.test(text))
    any.push(
      ['has no milliseconds', text.replace('.000', '')],
      ['is of another zone', text.replace('Z', '+00:00')],
      ['is a day that is none', text.replace('11-22', '02-30')],
    );
  else if (BASE64.test(text) && text.length < 40)
    any.push(['has no padding', text.replace(/=+$/, '')], ['is of the url alphabet', `-_${text}`]);
  return any;
}

/** Every value inside, outermost first. */
function* walk(value: unknown, path: Path): Generator<readonly [Path, unknown]> {
  yield [path, value];
  if (Array.isArray(value)) {
    if (value.length > 0) yield* walk(value[0], [...path, 0]);
  } else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* walk(inner, [...path, name]);
}

const keysOf = (path: string): Path =>
  path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

const put = (message: object, path: Path, value: unknown): string =>
  JSON.stringify(withValue(message, path, value));

/** A copy with another value at the path; `GONE` takes it away. */
function withValue(message: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(message))
    return message.map((one, i) => (i === key ? withValue(one, rest, value) : one));
  // Paths are of this very message, so what is not a list here is an object.
  const copy = { ...(message as { [name: string]: unknown }) };
  if (rest.length === 0 && value === GONE) delete copy[String(key)];
  else copy[String(key)] = withValue(copy[String(key)], rest, value);
  return copy;
}
