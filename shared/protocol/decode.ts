// Text of a frame -> message, bounded and closed; anything else is 'badFrame' and the connection ends.

import { fail, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';
import {
  type AnyClientMessage,
  type AnyServerMessage,
  CLIENT_MESSAGES,
  SERVER_MESSAGES,
} from './messages.ts';

const MAX_DEPTH = 8;

export const decodeClientMessage = (text: string): Result<AnyClientMessage, 'badFrame'> =>
  decode(text, CLIENT_MESSAGES) as Result<AnyClientMessage, 'badFrame'>;

export const decodeServerMessage = (text: string): Result<AnyServerMessage, 'badFrame'> =>
  decode(text, SERVER_MESSAGES) as Result<AnyServerMessage, 'badFrame'>;

export const encodeMessage = (message: AnyClientMessage | AnyServerMessage): string =>
  JSON.stringify(message);

type Schemas = typeof CLIENT_MESSAGES | typeof SERVER_MESSAGES;

function decode(text: string, schemas: Schemas): Result<unknown, 'badFrame'> {
  if (text.length > LIMITS.maxFrameBytes) return fail('badFrame', 'too large');
  if (deeperThan(text, MAX_DEPTH)) return fail('badFrame', 'too deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('badFrame', 'not JSON');
  }
  const t = typeof value === 'object' && value !== null && 't' in value ? value.t : undefined;
  if (typeof t !== 'string' || !Object.hasOwn(schemas, t)) return fail('badFrame', 'unknown type');
  // `t` is an own key of the table, checked on the line above.
  const schema = schemas[t as keyof Schemas];
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail('badFrame', `not a ${t} message`);
}

/** Counts brackets outside strings, so that a hostile frame is refused before it is parsed. */
function deeperThan(text: string, max: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > max) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}
