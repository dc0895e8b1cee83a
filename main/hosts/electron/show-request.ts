// Selects a request in the window as a person would, by its row. The contract has no member that says "show this one", so
// fixed code runs in a world of its own beside the page; the digest, 64 hex digits, is all that varies. It selects and can
// do no more: an approval wants a trusted press and main's own rules.

import type { WebContents } from 'electron';
import { invariant } from '../../../shared/result.ts';

/** Any number that is not Electron's own for preload scripts (999). */
const WORLD = 1033;
const DIGEST = /^[0-9a-f]{64}$/;

/** True once the row was there and was selected; false where the list is not on screen within 2 s. */
export async function showRequest(
  contents: Pick<WebContents, 'executeJavaScriptInIsolatedWorld'>,
  digest: string,
): Promise<boolean> {
  invariant(DIGEST.test(digest), 'a request is named by its digest');
  const code = `(async () => {
    for (let tries = 0; tries < 40; tries += 1) {
      const row = document.getElementById('request-${digest}');
      if (row !== null) {
        (row.closest('button') ?? row.querySelector('button') ?? row).click();
        return true;
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    return false;
  })()`;
  const done: unknown = await contents.executeJavaScriptInIsolatedWorld(WORLD, [{ code }]);
  return done === true;
}
