// Appends to a log, under whatever a test does to its system calls, and says on descriptor 1 what was acknowledged, after
// it was: `ack N` for each leaf, `head SIZE` for each signed head, `failed CODE` for what was refused.
// argv: file of the log, hex of the log key's PKCS #8, batches, `full`, or `normal` for a log that does not wait for the disk.

import { writeSync } from 'node:fs';
import { invariant } from '../../shared/result.ts';
import { Appender } from '../../main/ledger/append.ts';
import { openDatabase } from '../../main/ledger/database.ts';
import { Ledger, openLedger } from '../../main/ledger/ledger.ts';
import { publicKeyOf } from '../../main/trust/ed25519.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { NOTE_TYPE, vkeyOf } from '../../main/trust/vkey.ts';
import { entries } from '../unit/ledger/kit.ts';
import { keyFrom } from './app-log.ts';

const [, , path = '', key = '', batches = '', mode = ''] = process.argv;
const pair = keyFrom(key);
const vkey = vkeyOf('log.test/1', NOTE_TYPE, publicKeyOf(pair));
const say = (line: string): void => void writeSync(1, `${line}\n`);

/** What `openLedger` never gives: the setting that the matrix demands to fail. */
function openWeak(): Ledger {
  const connections = openDatabase(path);
  invariant(connections.ok, 'the log opens');
  connections.value.writer.pragma('synchronous = NORMAL');
  return new Ledger(
    connections.value,
    new Appender(connections.value.writer, new Frontier()),
    vkey,
  );
}

function open(): Ledger | undefined {
  if (mode === 'normal') return openWeak();
  const opened = openLedger(path, vkey);
  if (opened.ok) return opened.value;
  say(`failed ${opened.code}`);
  return undefined;
}

const ledger = open();
for (let batch = 0; ledger !== undefined && batch < Number(batches); batch += 1) {
  const appended = ledger.append(entries(1 + (batch % 3), ledger.size));
  if (appended.ok) for (const index of appended.value) say(`ack ${index}`);
  else say(`failed ${appended.code}`);
  if (batch % 5 !== 4) continue;
  const head = ledger.seal(pair);
  say(head.ok ? `head ${head.value.size}` : `failed ${head.code}`);
}
ledger?.close();
say('closed');
