// The shipped tables are what the script makes of them, where this Node has their Unicode version.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UNICODE } from '../../../shared/statement/view/tables.ts';
import { makeTables } from '../../kit/make-tables.ts';

const here = process.versions['unicode'];
const packed = (text: string): string => text.replace(/'\s*\+\s*'/g, '').replace(/=\s+/g, '= ');

test.skipIf(here !== UNICODE)('tables.ts is what make-tables.ts writes', () => {
  const file = new URL('../../../shared/statement/view/tables.ts', import.meta.url);
  expect(packed(readFileSync(file, 'utf8'))).toBe(packed(makeTables()));
});
