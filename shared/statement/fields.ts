// The field shapes that statements and messages are made of. Each accepts one spelling of a value.

import * as z from 'zod';
import { fromB64 } from '../bytes.ts';
import { bytesOfRaw, cleanText, type Raw, wellFormedRaw } from './text.ts';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** SHA-256 in lower-case hex. */
export const Digest = hex(32);
/** SHA-256 of a key's SubjectPublicKeyInfo DER, lower-case hex. */
export const KeyId = hex(32);
export const Nonce = hex(32);
/** 16 random bytes. */
export const Id16 = hex(16);

/** RFC 3339, UTC, milliseconds: `2026-11-22T09:30:00.000Z`. */
export const Time = z.string().refine((text) => {
  const at = Date.parse(text);
  return Number.isFinite(at) && new Date(at).toISOString() === text;
}, 'not RFC 3339 UTC with milliseconds');

/** A name that programs compare: people, guards, devices, groups, organisations. */
export const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,95}$/);

/** One line for people, clean, at most `max` UTF-16 units. */
export const line = (max: number) => z.string().min(1).max(max).refine(cleanText, 'unclean text');

export const B64 = z.string().refine((text) => fromB64(text) !== undefined, 'not base64');
/** A 44-byte Ed25519 SubjectPublicKeyInfo in base64; whether the point is acceptable is for trust. */
export const Spki = z
  .string()
  .length(60)
  .refine((text) => fromB64(text)?.length === 44, 'spki');

export const Count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const MAX_INLINE_BYTES = 4096;

/** Bytes from outside: text where clean, else base64. */
export const RawField = z
  .union([z.string(), z.strictObject({ b64: z.string() })])
  .refine((raw) => wellFormedRaw(raw as Raw), 'not in raw form')
  .refine((raw) => bytesOfRaw(raw as Raw).length <= MAX_INLINE_BYTES, 'over 4 KiB: an attachment');

/** A value of any length: in place up to 4 KiB, else an attachment of the same request by its digest. */
export const LongField = z.union([
  RawField,
  z.strictObject({ attachment: Digest, size: Count.min(MAX_INLINE_BYTES + 1) }),
]);
export type LongField = Raw | { readonly attachment: string; readonly size: number };

/** Origin of a log: one line without spaces or plus signs (C2SP note names). */
export const Origin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/);

/** Raw text from a person or an agent, at most `max` characters of its stored form. */
export const rawText = (max: number) =>
  RawField.refine(
    (raw) => (typeof raw === 'string' ? raw.length : raw.b64.length) <= max,
    'too long',
  );
