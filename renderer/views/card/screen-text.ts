// What is really on screen: label and text of each row, read back from the DOM in order, and its SHA-256. This digest goes
// into the decision. Nothing here sees the request's bytes or main's opinion of them: if the DOM shows something else
// than the signed bytes, the digest differs and main refuses.

import { toHex, utf8 } from '../../../shared/bytes.ts';
import { rowText } from '../../../shared/statement/view/render.ts';

export function textOnScreen(rows: ParentNode): string {
  return Array.from(rows.querySelectorAll('[data-row]'), (row) => {
    const [label, text] = ['[data-label]', '[data-text]'].map((part) =>
      Array.from(row.querySelectorAll(part), (node) => node.textContent).join(''),
    );
    return rowText({ label: label ?? '', text: text ?? '' });
  }).join('');
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  // A fresh copy: WebCrypto takes no view of a shared buffer, which this never is.
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return toHex(new Uint8Array(digest));
}

export const digestOnScreen = (rows: ParentNode): Promise<string> =>
  sha256(utf8(textOnScreen(rows)));
