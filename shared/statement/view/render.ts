// countersign-view/1: from the bytes of a signed request to the exact text that a reviewer sees and signs, whole or not at all.
// Pure, and the same in every runtime: no locale, no Unicode tables but our own, no clock. Digests of attachments are
// for callers that can hash; here only their sizes are compared.

import { utf8 } from '../../bytes.ts';
import { fail, ok, type Result } from '../../result.ts';
import { type Cj, decodeCj } from '../cj1.ts';
import { VIEW_FLAGS, type ViewFlag } from './flags.ts';
import { membersOf, SECTIONS, type ViewRow, type Writer } from './part.ts';
import { requestPart } from './request-part.ts';

export const RENDERER = 'countersign-view/1';
/** As `MAX_REQUEST_PAYLOAD` of request.ts, which the window does not load. */
export const MAX_PAYLOAD_BYTES = 44 * 1024;
/** More must-see text than this, as UTF-8, can only be denied (security note 5.2). */
export const MAX_MUST_BYTES = 64 * 1024;
const MAX_ATTACHMENT = 8 * 1024 * 1024;
const MAX_ATTACHMENTS = 16 * 1024 * 1024;

export type View = {
  readonly renderer: string;
  readonly rows: readonly ViewRow[];
  readonly flags: readonly ViewFlag[];
  readonly mustBytes: number;
  /** False where there is more must-see text than a person can be asked to read. */
  readonly approvable: boolean;
};
export type ViewTrouble =
  | 'notCanonical'
  | 'attachmentMissing'
  | 'attachmentDiffers'
  | 'unknownShape';

/** `attachments` by digest: exactly those that the request lists. */
export function renderView(
  payload: Uint8Array,
  attachments: ReadonlyMap<string, Uint8Array>,
): Result<View, ViewTrouble> {
  const value = decodeCj(payload, MAX_PAYLOAD_BYTES);
  if (!value.ok) return fail('notCanonical', value.detail);
  const trouble = attachmentTrouble(value.value, attachments);
  if (trouble) return fail(trouble);
  const to: Writer = { rows: [], attachments, shown: new Map(), trouble: undefined };
  if (!requestPart.write(value.value, { path: '', label: '' }, to))
    return fail(to.trouble ?? 'unknownShape', to.rows.at(-1)?.path);
  // Array.prototype.sort is stable: inside a section the order of the layout holds.
  return ok(
    viewOf(to.rows.sort((a, b) => SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section))),
  );
}

function viewOf(rows: readonly ViewRow[]): View {
  let mustBytes = 0;
  for (const row of rows) if (row.must) mustBytes += utf8(rowText(row)).length;
  const approvable = mustBytes <= MAX_MUST_BYTES;
  const seen = new Set(rows.flatMap((row) => row.flags));
  if (!approvable) seen.add('tooMuch');
  const flags = VIEW_FLAGS.filter((flag) => seen.has(flag));
  return { renderer: RENDERER, rows, flags, mustBytes, approvable };
}

/** The listed attachments and the given ones are the same, with the listed sizes and within the limits. */
function attachmentTrouble(
  request: Cj,
  attachments: ReadonlyMap<string, Uint8Array>,
): ViewTrouble | undefined {
  const list = membersOf(request)?.['attachments'];
  if (!Array.isArray(list)) return 'unknownShape';
  const listed = new Set<string>();
  let total = 0;
  for (const each of list) {
    const { sha256, size } = membersOf(each) ?? {};
    if (typeof sha256 !== 'string' || typeof size !== 'number') return 'unknownShape';
    const content = attachments.get(sha256);
    if (!content) return 'attachmentMissing';
    if (content.length !== size || size > MAX_ATTACHMENT) return 'attachmentDiffers';
    if (!listed.has(sha256)) total += size;
    listed.add(sha256);
  }
  const extra = [...attachments.keys()].some((digest) => !listed.has(digest));
  return extra || total > MAX_ATTACHMENTS ? 'attachmentDiffers' : undefined;
}

/** One row as it is hashed: what stands in the row's label node and text node, and nothing else. */
export const lineOf = (label: string, text: string): string => `${label}: ${text}\n`;
export const rowText = (row: Pick<ViewRow, 'label' | 'text'>): string =>
  lineOf(row.label, row.text);

/** The exact text whose SHA-256 (of its UTF-8) a decision signs. */
export const viewText = (view: Pick<View, 'rows'>): string => view.rows.map(rowText).join('');
