// The attacker of the timed swap tests: a process of its own, so that it really runs beside the guard. A line on its
// stdin is {delayUs, ops}; it waits busily, does the operations without pause, and answers with a line.

import {
  readFileSync,
  renameSync,
  symlinkSync,
  linkSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';

const contents = new Map();
const bytesOf = (path) => {
  if (!contents.has(path)) contents.set(path, readFileSync(path));
  return contents.get(path);
};

const operations = {
  rename: ({ from, to }) => renameSync(from, to),
  symlink: ({ from, to }) => {
    symlinkSync(from, `${to}.new`);
    renameSync(`${to}.new`, to);
  },
  link: ({ from, to }) => {
    linkSync(from, `${to}.new`);
    renameSync(`${to}.new`, to);
  },
  overwrite: ({ from, to }) => {
    const bytes = bytesOf(from);
    const fd = openSync(to, 'r+');
    writeSync(fd, bytes, 0, bytes.length, 0);
    closeSync(fd);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { delayUs, ops } = JSON.parse(line);
  for (const op of ops) if (op.op === 'overwrite') bytesOf(op.from);
  const until = process.hrtime.bigint() + BigInt(delayUs) * 1000n;
  while (process.hrtime.bigint() < until);
  let said = 'done';
  try {
    for (const op of ops) operations[op.op](op);
  } catch (error) {
    said = error.code;
  }
  process.stdout.write(`${said}\n`);
}
