// What a reviewer who denies an action proposes instead: the whole new value of the part of it that a person may edit, never
// a patch. It approves nothing; the guard measures the changed action anew and asks about it as about any other.

import * as z from 'zod';
import { utf8 } from '../bytes.ts';
import { MAX_CHANGES_BYTES } from '../domain/changes.ts';
import { LongField } from './fields.ts';

export const Changes = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('exec'), argv: z.array(LongField).min(1).max(1024) }),
    z.strictObject({ kind: z.literal('mcp'), argumentsRaw: LongField }),
    z.strictObject({ kind: z.literal('tool'), inputRaw: LongField }),
  ])
  .refine(
    (changes) => utf8(JSON.stringify(changes)).length <= MAX_CHANGES_BYTES,
    'changes over 5 KiB',
  );
export type Changes = z.infer<typeof Changes>;
