// Values of any length. What is over 4 KiB travels as an attachment and is still shown here in full, once in each way; a second
// mention of the same bytes names the row that has them, so that a small request cannot grow a view without bounds.

import {
  isHex,
  addRow,
  membersOf,
  type Part,
  type Reader,
  type Spot,
  type Style,
  under,
  type Writer,
} from './part.ts';
import { rawOf } from '../text.ts';
import type { Cj } from '../cj1.ts';
import { LONG_BYTES, quoted, rawBytes, unquoted } from './values.ts';

const SAME = 'the same bytes as ';
const digestSpot = ({ path, label }: Spot): Spot => ({ path, label: under(label, 'digest') });

/** In place or by `{attachment, size}`; `style` may depend on the bytes. */
export function longValue(style: Style): Part {
  return {
    write: (value, spot, to) => {
      const bytes = rawBytes(value);
      if (bytes) return addRow(to, spot, style, quoted(bytes, style));
      const { attachment, size, ...others } = membersOf(value) ?? {};
      if (typeof attachment !== 'string' || Object.keys(others).length > 0) return false;
      if (typeof size !== 'number' || size <= LONG_BYTES) return false;
      const content = to.attachments.get(attachment);
      if (content && content.length !== size) to.trouble = 'attachmentDiffers';
      return to.trouble === undefined && writeAttached(attachment, spot, style, to);
    },
    read: (spot, from) => {
      const digest = readAttached(spot, from);
      if (digest !== undefined) {
        const size = from.attachments.get(digest)?.length;
        return size === undefined ? undefined : { attachment: digest, size };
      }
      const bytes = unquoted(from.rows.get(spot.label) ?? '');
      return bytes && rawOf(bytes);
    },
  };
}

/** An attachment by its digest alone. */
export const attached = (style: Style): Part => ({
  write: (value, spot, to) => typeof value === 'string' && writeAttached(value, spot, style, to),
  read: (spot, from): Cj | undefined => readAttached(spot, from),
});

/** The content's row, and the row of its digest. */
export function writeAttached(digest: string, spot: Spot, style: Style, to: Writer): boolean {
  const content = to.attachments.get(digest);
  if (!isHex(digest, 32)) return false;
  if (!content) {
    to.trouble = 'attachmentMissing';
    return false;
  }
  // What was shown in letters has not been shown as a critical row shows it.
  const key = style.critical === true ? `${digest} ascii` : digest;
  const first = to.shown.get(key);
  if (first === undefined) to.shown.set(key, spot.label);
  const shown = first === undefined ? quoted(content, style) : { text: SAME + first };
  addRow(to, spot, style, shown);
  return addRow(to, digestSpot(spot), { section: 'record' }, { text: digest });
}

/** The digest at `spot`, with its content kept in `from.attachments`. */
export function readAttached(spot: Spot, from: Reader): string | undefined {
  const text = from.rows.get(spot.label);
  const digest = from.rows.get(digestSpot(spot).label);
  if (text === undefined || digest === undefined) return undefined;
  if (!text.startsWith(SAME)) {
    const bytes = unquoted(text);
    if (!bytes) return undefined;
    from.attachments.set(digest, bytes);
  }
  return digest;
}
