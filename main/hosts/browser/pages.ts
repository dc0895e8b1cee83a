// The built window as a fixed map from URL path to bytes, read once at start. A request is looked up in it and never
// becomes a file name, so there is no path to climb out of.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode } from '../../state/errno.ts';

export type Page = { readonly bytes: Uint8Array; readonly type: string };
export type Pages = ReadonlyMap<string, Page>;

/** What is not of these types is not served: source maps, for one. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
]);

/** `/` is index.html. 'missing' when there is none. */
export function readPages(folder: string): Result<Pages, 'missing'> {
  const pages = new Map<string, Page>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const type = TYPES.get(extname(entry.name));
      if (!entry.isFile() || type === undefined) continue;
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      pages.set(path, { bytes: readFileSync(file), type });
    }
  } catch (error) {
    return fail('missing', `${folder} can't be read (${errorCode(error)}): run npm run build`);
  }
  const index = pages.get('/index.html');
  if (index === undefined) return fail('missing', `${folder} has no page: run npm run build`);
  return ok(pages.set('/', index));
}
