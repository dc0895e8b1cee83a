// Makes the names in a folder durable.

import { closeSync, constants, fsyncSync, openSync } from 'node:fs';

/** Throws as node:fs does. Windows has no such call for folders: nothing is done there. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
