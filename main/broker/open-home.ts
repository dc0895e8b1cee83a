// The broker's own files: keys (0600), pin and first keyring below the state folder. Anything missing, exposed or
// malformed is one sentence and no start.

import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readPrivate } from '../state/atomic-file.ts';
import { openHome } from '../state/home.ts';
import { readJsonFile } from '../state/json-file.ts';
import { loadKey } from '../state/key-file.ts';
import { Pin } from '../state/pin.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import type { BrokerOptions } from './start-broker.ts';

export const brokerFiles = (broker: string) => ({
  session: join(broker, 'session.pem'),
  log: join(broker, 'log.pem'),
  pin: join(broker, 'pin.json'),
  keyring: join(broker, 'keyring.json'),
});

/** `notSetUp`, with the sentence that says what is wrong. */
export function readBrokerHome(
  root: string,
): Result<Pick<BrokerOptions, 'home' | 'keys' | 'pin' | 'keyring'>, 'notSetUp'> {
  const home = openHome(root, { uid: process.getuid?.(), create: false });
  if (!home.ok) return fail('notSetUp', home.detail ?? home.code);
  const files = brokerFiles(home.value.broker);
  const session = loadKey(files.session);
  if (!session.ok) return fail('notSetUp', session.detail ?? session.code);
  const log = loadKey(files.log);
  if (!log.ok) return fail('notSetUp', log.detail ?? log.code);
  const pin = readJsonFile(files.pin, Pin);
  if (!pin.ok) return fail('notSetUp', pin.detail ?? pin.code);
  const keyring = readPrivate(files.keyring, ENVELOPE_LIMITS.keyring);
  if (!keyring.ok) return fail('notSetUp', keyring.detail ?? keyring.code);
  return ok({
    home: home.value,
    keys: { session: session.value, log: log.value },
    pin: pin.value,
    keyring: keyring.value,
  });
}
