// What a row of the log does to the tables beside it, as it stands in that row until they follow, and after. Short canonical
// JSON behind 8 bytes of a digest that covers the row's place and leaf too: a flipped bit, or a row that took another's
// place, is noticed and never applied.

import { concat, fromB64, fromUtf8, sameBytes, toB64, toHex, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { sha256 } from '../trust/digest.ts';
import { blob } from './blob.ts';
import type { Entry } from './entry.ts';

/** Digests, keys and ids in lower-case hex. */
export type Effects = {
  readonly opens?: { readonly request: string; readonly guard: string };
  readonly about?: { readonly request: string; readonly ends: boolean };
  readonly chain?: { readonly keyId: string; readonly seq: number; readonly digest: string };
  readonly notice?: { readonly request: string; readonly what: string; readonly keyId: string };
  readonly message?: {
    readonly principal: string;
    readonly id: string;
    readonly digest: string;
    readonly at: number;
  };
};

/** Where they stand: a leaf's index and hash, or a row's number in `kept`. */
export type Spot = { readonly at: number; readonly hash?: Uint8Array };

type Written = readonly [
  opens: readonly [string, string] | 0,
  about: readonly [string, 0 | 1] | 0,
  chain: readonly [string, number, string] | 0,
  notice: readonly [string, string, string] | 0,
  message: readonly [string, string, string, number] | 0,
];

const CHECK = 8;

export function effectsOf({ opens, about, chain, notice, message }: Entry): Effects {
  return {
    ...(opens && { opens }),
    ...(about && { about }),
    ...(chain && { chain }),
    ...(notice && { notice }),
    ...(message && { message }),
  };
}

export function writeEffects(spot: Spot, effects: Effects): Uint8Array {
  const { opens, about, chain, notice, message } = effects;
  const written: Written = [
    opens ? [short(opens.request), opens.guard] : 0,
    about ? [short(about.request), about.ends ? 1 : 0] : 0,
    chain ? [short(chain.keyId), chain.seq, short(chain.digest)] : 0,
    notice ? [short(notice.request), notice.what, short(notice.keyId)] : 0,
    message ? [short(message.principal), short(message.id), short(message.digest), message.at] : 0,
  ];
  const json = utf8(JSON.stringify(written));
  return concat(checkOf(spot, json), json);
}

/** undefined: these bytes were not written for this place. */
export function readEffects(spot: Spot, bytes: Uint8Array): Effects | undefined {
  const json = bytes.slice(CHECK);
  if (!sameBytes(bytes.slice(0, CHECK), checkOf(spot, json))) return undefined;
  // What has this check was written by `writeEffects`.
  const [opens, about, chain, notice, message] = JSON.parse(fromUtf8(json)) as Written;
  return {
    ...(opens && { opens: { request: long(opens[0]), guard: opens[1] } }),
    ...(about && { about: { request: long(about[0]), ends: about[1] === 1 } }),
    ...(chain && { chain: { keyId: long(chain[0]), seq: chain[1], digest: long(chain[2]) } }),
    ...(notice && {
      notice: { request: long(notice[0]), what: notice[1], keyId: long(notice[2]) },
    }),
    ...(message && {
      message: {
        principal: long(message[0]),
        id: long(message[1]),
        digest: long(message[2]),
        at: message[3],
      },
    }),
  };
}

const checkOf = ({ at, hash }: Spot, json: Uint8Array): Uint8Array =>
  sha256(concat(utf8(`${at} ${hash ? toHex(hash) : 'kept'} `), json)).slice(0, CHECK);

const short = (hex: string): string => toB64(blob(hex));

function long(b64: string): string {
  const bytes = fromB64(b64);
  invariant(bytes, 'what was written is read');
  return toHex(bytes);
}
