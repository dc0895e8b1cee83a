// A broker takes one keyring as its root of trust: the same again is no news, and no other takes its place.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installKeyring } from '../../../main/broker/init-broker.ts';
import { brokerFiles, readBrokerHome } from '../../../main/broker/open-home.ts';
import { loadOrCreateKey } from '../../../main/state/key-file.ts';
import { makeOrg } from '../../kit/wire-world.ts';
import { scratchFolder } from '../state/scratch.ts';

test('the same keyring is taken again, whole, and another one never', () => {
  using scratch = scratchFolder();
  const root = join(scratch.path, 'home');
  for (const folder of ['', 'broker', 'guard', 'app'])
    mkdirSync(join(root, folder), { mode: 0o700 });
  const org = makeOrg();
  const files = brokerFiles(join(root, 'broker'));
  loadOrCreateKey(files.session, () => org.broker.session);
  loadOrCreateKey(files.log, () => org.broker.log);
  const first = join(scratch.path, 'first.keyring');
  writeFileSync(first, org.envelope);
  for (let n = 0; n < 2; n += 1) expect(installKeyring(root, first)).toEqual({ ok: true });
  // A start that was cut off between the two files.
  rmSync(files.pin);
  expect(installKeyring(root, first)).toEqual({ ok: true });
  expect(readBrokerHome(root)).toMatchObject({ ok: true });

  // Of the same broker, and sound in itself.
  const other = makeOrg((keyring) => ({
    ...keyring,
    brokers: org.keyring.brokers,
    log: org.keyring.log,
  }));
  const second = join(scratch.path, 'second.keyring');
  writeFileSync(second, other.envelope);
  expect(installKeyring(root, second)).toMatchObject({
    ok: false,
    detail: expect.stringMatching(
      /has another keyring already: later ones come by publishing them/,
    ),
  });
  expect(readFileSync(files.keyring)).toEqual(Buffer.from(org.envelope));
});
