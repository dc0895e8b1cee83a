// `countersign keyring` where it refuses: what a person with a root key must not be led to sign, and what a file must not
// be taken for. The way it goes well is test/cli/keyring-teams.test.ts.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initBroker } from '../../main/broker/init-broker.ts';
import { brokerFiles } from '../../main/broker/open-home.ts';
import { completed, readDraft, readKeyring } from '../../main/cli/keyring/draft.ts';
import { makeSolo } from '../../main/app/solo.ts';
import { systemClock } from '../../main/hosts/processes/machine.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { readEndpoint } from '../../main/state/endpoint.ts';
import { openHome } from '../../main/state/home.ts';
import { finishJoin } from '../../main/state/joined.ts';
import { loadKey } from '../../main/state/key-file.ts';
import { makeCheckpoint } from '../../main/trust/checkpoint.ts';
import { Frontier } from '../../main/trust/frontier.ts';
import { leafHash } from '../../main/trust/merkle.ts';
import { utf8 } from '../../shared/bytes.ts';
import { publicBytes } from '../../main/state/public-file.ts';
import { Machines, PASSPHRASE } from './keyring-machines.ts';

const machines = new Machines();
afterAll(() => machines[Symbol.dispose]());
const run = (person: string, line: string, passphrase?: string) =>
  machines.run(person, line.split(' '), passphrase);
const json = (name: string) =>
  JSON.parse(machines.read(name)) as {
    signatures: { keyid: string; sig: string }[];
    payload: string;
  };

/** Two root keys of which both must sign, and a first draft. */
beforeAll(async () => {
  for (const who of ['ann', 'bob', 'eve']) await run(who, `keyring key --out ${who}.key`);
  const broker = initBroker(machines.state('server'), 'broker');
  if (!broker.ok) throw new Error(broker.detail);
  writeFileSync(machines.path('broker.pub'), publicBytes(broker.value));
  await run('ann', 'join --id ann --name Ann --device ann-laptop --org acme --out ann.join');
  const made = await run(
    'ann',
    'keyring init --org acme --threshold 2 --root ann.key.pub --root bob.key.pub --broker broker.pub --add-person ann.join --out first.draft',
  );
  if (made.code !== 0) throw new Error(made.err);
}, 60_000);

test('a root key is a file under a passphrase that only its owner can read, and its words are said', async () => {
  const { out } = await run('carol', 'keyring key --out carol.key');
  expect(out).toMatch(/words: ([a-z]+ ){7}[a-z]+\n$/);
  expect(machines.read('carol.key')).not.toContain('PRIVATE');
  const again = await run('carol', 'keyring key --out carol.key');
  expect([again.code, again.err]).toEqual([64, expect.stringContaining('is there already')]);
  const short = await run('carol', 'keyring key --out short.key', 'short');
  expect([short.code, short.err]).toEqual([64, expect.stringContaining('12 characters')]);
});

describe('sign', () => {
  test('shows all that changes before it asks, and who is missing after', async () => {
    const signed = await run('ann', 'keyring sign first.draft --key ann.key');
    expect(signed.out).toMatch(/keyring of acme, version 1, the first:/);
    expect(signed.out).toMatch(/\+ person ann: Ann\n/);
    expect(signed.out).toMatch(/signs as root key: ([a-z]+ ){7}[a-z]+\n/);
    expect(signed.out).toMatch(/signed by 1 of the 2 needed of the roots of version 1\n$/);
    const draft = readDraft(machines.path('first.draft'));
    expect(draft.ok && completed(draft.value)).toBeUndefined();
    expect(readKeyring(machines.path('first.draft'))).toMatchObject({ ok: false });
  });

  test.each([
    ['the same key twice', 'ann', 'ann.key', undefined, 76, /has signed this draft already/],
    ['a key that is no root of it', 'eve', 'eve.key', undefined, 76, /no root of this version/],
    ['with another passphrase', 'bob', 'bob.key', 'another passphrase', 76, /wrong passphrase/],
    ['with a file that is no root key', 'bob', 'bob.key.pub', undefined, 64, /bob\.key\.pub/],
  ])('is refused by %s, and nothing is added', async (_, who, key, passphrase, code, why) => {
    const before = machines.read('first.draft');
    const ran = await run(who, `keyring sign first.draft --key ${key}`, passphrase);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(why);
    expect(machines.read('first.draft')).toBe(before);
  });

  test('is refused for a draft with a signature that does not fit, or one that stands twice', async () => {
    const draft = json('first.draft');
    const [one] = draft.signatures;
    if (one === undefined) throw new Error('Ann has signed');
    const spoiled = [
      [{ ...one, sig: `${one.sig.slice(0, 4)}AAAA${one.sig.slice(8)}` }],
      [one, one],
      [{ ...one, keyid: '0'.repeat(64) }],
    ];
    for (const [i, signatures] of spoiled.entries()) {
      writeFileSync(machines.path(`spoiled-${i}.draft`), JSON.stringify({ ...draft, signatures }));
      const ran = await run('bob', `keyring sign spoiled-${i}.draft --key bob.key`);
      expect([ran.code, ran.err]).toEqual([64, expect.stringMatching(/signature/)]);
    }
  });

  test('refuses a draft that was changed on its way: the signatures no longer fit', async () => {
    const draft = json('first.draft');
    const payload = draft.payload.replace('"Ann"', '"Eve"');
    writeFileSync(machines.path('changed.draft'), JSON.stringify({ ...draft, payload }));
    const ran = await run('bob', 'keyring sign changed.draft --key bob.key');
    expect(ran.err).toMatch(/has a signature that does not fit/);
  });

  test('with enough of them writes a keyring that anybody can check', async () => {
    const ran = await run('bob', 'keyring sign first.draft --key bob.key');
    expect(ran.out).toMatch(/complete: .*first\.keyring\n$/);
    const held = readKeyring(machines.path('first.keyring'));
    expect(held.ok && held.value.keyring.version).toBe(1);
    const shown = await run('eve', 'keyring show first.keyring');
    expect(shown.out.match(/^signed by root key /gm)).toHaveLength(2);
  });
});

describe('the next version', () => {
  const next = async (name: string, edits: string) => {
    const made = await run(
      'ann',
      `keyring propose --from first.keyring ${edits} --out ${name}.draft`,
    );
    expect([made.code, made.err]).toEqual([0, '']);
    return run('ann', `keyring sign ${name}.draft --key ann.key`);
  };

  test('with a lower threshold is signed only where the signer says so', async () => {
    const lower = await next('lower', '--threshold 1');
    expect([lower.code, lower.err]).toEqual([76, expect.stringContaining('from 2 to 1')]);
    const meant = await run('ann', 'keyring sign lower.draft --key ann.key --lower-threshold');
    expect(meant.code).toBe(0);
  });

  test('a lower threshold needs as many signatures as the one before', async () => {
    const draft = readDraft(machines.path('lower.draft'));
    expect(draft.ok && draft.value.signatures.length).toBe(1);
    expect(draft.ok && completed(draft.value)).toBeUndefined();
  });

  test('with other roots needs the old ones and the new ones', async () => {
    await next('roots', '--root bob.key.pub --root eve.key.pub');
    const second = await run('bob', 'keyring sign roots.draft --key bob.key');
    expect(second.out).toMatch(/signed by 2 of the 2 needed of the roots of version 1\n/);
    expect(second.out).not.toMatch(/complete/);
    const third = await run('eve', 'keyring sign roots.draft --key eve.key');
    expect(third.out).toMatch(/complete/);
  });

  test('that ends the only administrator is not signed', async () => {
    const ended = await next('ended', '--remove-person ann --from-index 4');
    expect(ended.err).toMatch(/nobody in the group admin has a live session key/);
  });

  test('a policy is named by the digest of its exact bytes', async () => {
    writeFileSync(
      machines.path('policy.pub'),
      '@id("all")\npermit (principal is Agent, action, resource);\n',
    );
    await next('policy', '--policy policy.pub');
    expect(readFileSync(machines.path('policy.draft'), 'utf8')).toContain('policy.pub');
    const shown = await run('ann', 'keyring show policy.draft');
    expect(shown.out).toMatch(/\+ policy [0-9a-f]{64}: policy\.pub/);
  });

  test('a revocation needs an index: this machine has no copy of the log', async () => {
    const line = 'keyring revoke --person ann --why lost --from first.keyring --out r.draft';
    expect((await run('ann', line)).err).toMatch(/no copy of the log: say from which entry/);
    expect((await run('ann', `${line} --from-index 9`)).out).toMatch(/ENDS at entry 9 \(lost\)/);
  });
});

test('a log that begins again is signed for by name, and machines take it by the chain', async () => {
  const broker = initBroker(machines.state('server2'), 'broker-2');
  if (!broker.ok) throw new Error(broker.detail);
  writeFileSync(machines.path('broker2.pub'), publicBytes(broker.value));
  const held = readKeyring(machines.path('first.keyring'));
  const home = openHome(machines.state('carl'), { uid: process.getuid?.(), create: true });
  if (!held.ok || !home.ok) throw new Error('a keyring and a home');
  const { keyring, envelope } = held.value;
  const endpoint = { url: 'ws://127.0.0.1:1', origin: 'acme/1', brokerKeyId: '0'.repeat(64) };
  finishJoin(home.value, 'reviewer', { keyring, envelope, endpoint });
  await run(
    'ann',
    'keyring propose --from first.keyring --new-log --broker broker2.pub --log acme/2 --out new.draft',
  );
  const shy = await run('ann', 'keyring sign new.draft --key ann.key');
  expect([shy.code, shy.err]).toEqual([76, expect.stringMatching(/say --new-log/)]);
  await run('ann', 'keyring sign new.draft --key ann.key --new-log');
  await run('bob', 'keyring sign new.draft --key bob.key --new-log');
  expect((await run('carl', 'keyring take new.keyring')).out).toMatch(
    /version 2 of acme is in force for the reviewer/,
  );
  expect((await run('carl', 'keyring take new.keyring')).err).toMatch(/is not in force here/);
  expect((await run('carl', 'keyring endpoint wss://broker:1')).code).toBe(0);
  expect(readEndpoint(home.value)).toMatchObject({
    value: { origin: 'acme/2', brokerKeyId: broker.value.session.keyId },
  });
});

describe('a revocation without an index', () => {
  const revoke = (out: string, more = '') =>
    run('ann', `keyring revoke --device ann-laptop --why lost --out ${out}${more}`);
  const store = () => {
    const home = openHome(machines.state('ann'), { uid: process.getuid?.(), create: true });
    const opened = home.ok ? openAppStore(join(home.value.app, 'replica.db'), Date.now()) : home;
    if (!opened.ok) throw new Error(opened.detail);
    return opened.value.store;
  };
  const frontier = new Frontier();
  /** Nobody listens there: what this machine holds has to do. */
  beforeAll(() => {
    const held = readKeyring(machines.path('first.keyring'));
    const home = openHome(machines.state('ann'), { uid: process.getuid?.(), create: true });
    if (!held.ok || !home.ok) throw new Error('a keyring and a home');
    const { keyring, envelope } = held.value;
    const endpoint = { url: 'ws://127.0.0.1:1', origin: 'acme/1', brokerKeyId: '0'.repeat(64) };
    finishJoin(home.value, 'reviewer', { keyring, envelope, endpoint });
  });

  test('writes nothing where this machine has never had the log', async () => {
    const ran = await revoke('never.draft');
    expect([ran.code, ran.out]).toEqual([64, '']);
    expect(ran.err).toMatch(/no copy of the log with a verified head: say from which entry on/);
    expect(existsSync(machines.path('never.draft'))).toBe(false);
    // The deliberate case, without a copy.
    expect((await revoke('said.draft', ' --from-index 9')).out).toMatch(/ENDS at entry 9 \(lost\)/);
  });

  test('nor where no head of the entries that are here was verified', async () => {
    const copy = store();
    const leaves = Array.from({ length: 7 }, (_, index) => {
      const leaf = utf8(`leaf ${index}`);
      frontier.append(leafHash(leaf));
      const at = index === 5 ? '2026-11-20T08:00:00.000Z' : undefined;
      return { index, leaf, type: 'notice' as const, payload: undefined, request: undefined, at };
    });
    await copy.append(leaves, frontier.state());
    await copy.close();
    const ran = await revoke('unverified.draft');
    expect([ran.code, existsSync(machines.path('unverified.draft'))]).toEqual([64, false]);
    expect(ran.err).toMatch(/verified head/);
  });

  test('ends keys at the head that the copy has verified, and says how old that is', async () => {
    const copy = store();
    const { log } = brokerFiles(join(machines.state('server'), 'broker'));
    const key = loadKey(log);
    if (!key.ok) throw new Error(key.detail);
    await copy.putNote(7, makeCheckpoint('acme/1', 7, frontier.root(), key.value));
    await copy.close();
    const none = await run('ann', 'keyring revoke --guard nobody --why gone --out none.draft');
    expect(none.err).toMatch(/guard nobody has no live key/);
    const ended = await revoke('mine.draft');
    expect(ended.out).toMatch(/as of entry 7: the broker was not reached, .*2026-11-20T08:00/);
    expect([ended.code, ended.out.match(/ENDS at entry 7 \(lost\)/g)?.length]).toEqual([0, 3]);
  });

  test('and no index beyond the end is taken: the key would go on until the log gets there', async () => {
    const ran = await revoke('beyond.draft', ' --from-index 9999');
    expect([ran.code, existsSync(machines.path('beyond.draft'))]).toEqual([64, false]);
    expect(ran.err).toMatch(/--from-index 9999: the log has 7 entries/);
    // A root key's machine with the keyring in a file may lag behind the log.
    const file = await revoke('file.draft', ' --from-index 9999 --from first.keyring');
    expect(file.out).toMatch(/ENDS at entry 9999/);
  });
});

test.each([
  ['keyring key --out no/such/x.key', 64, /x\.key: there is no such folder$/],
  ['keyring sign none.draft --key ann.key', 64, /none\.draft does not exist$/],
  ['keyring show first.draft.key', 64, /countersign: [^;]*does not exist$/],
  ['keyring take none.keyring', 78, /in no organisation yet$/],
  ['keyring publish none.keyring', 64, /none\.keyring does not exist$/],
  ['keyring publish first.keyring', 78, /in no organisation yet$/],
  ['keyring proposals', 78, /in no organisation yet$/],
  ['keyring propose --renew --from first.keyring --out first.draft', 64, /is there already$/],
  [
    'keyring propose --renew --from first.keyring --out no/such.draft',
    64,
    /written: there is no such folder$/,
  ],
])('%s: %i and a sentence, no word of the system’s', async (line, code, why) => {
  const ran = await run('new', line);
  expect(ran.err.trimEnd()).toMatch(why);
  expect([ran.code, ran.err.match(/\bE[A-Z]{4,}\b/)]).toEqual([code, null]);
});

test.each([
  ['keyring', /usage/],
  ['keyring nothing', /usage/],
  ['keyring sign', /sign takes a file/],
  ['keyring show --out x', /--out is not for show/],
  ['keyring propose --threshold 0 --out x', /a number from 1 up/],
  ['keyring revoke --person a --guard b --why x --out y', /say one of/],
  ['keyring revoke --person a --out y', /--why is missing/],
  ['join ftp://x', /not an address/],
  ['join wss://broker:1#acme.short', /not whole/],
  ['guard join wss://broker:1', /guard join/],
  ['guard', /guard join/],
])('%s: 64 and a sentence', async (line, why) => {
  const ran = await run('new', line);
  expect(ran.err).toMatch(why);
  expect(ran.code).toBe(64);
});

describe('a join that waits', () => {
  const homeOf = (person: string) => {
    const home = openHome(machines.state(person), { uid: process.getuid?.(), create: true });
    if (!home.ok) throw new Error(home.code);
    return home.value;
  };

  test('is not overtaken by an app that makes an organisation of its own', async () => {
    await run('dora', 'join --id dora --name Dora --device dora-laptop --out dora.join');
    const waits = readFileSync(join(homeOf('dora').app, 'join.json'));
    // With a passphrase at hand, as everybody here has one, `start` would set the machine up by itself.
    for (const command of ['start', 'review']) {
      const ran = await run('dora', command);
      expect([ran.code, ran.out]).toEqual([78, '']);
      expect(ran.err).toBe(
        'countersign: a join waits here: go on with `countersign join INVITATION`, or give it up with `countersign join --give-up`\n',
      );
    }
    const person = { id: 'd', name: 'D', passphrase: PASSPHRASE, hostName: 'd' };
    const alone = await makeSolo(homeOf('dora'), person, {
      clock: systemClock,
      random: systemRandom,
    });
    expect(alone).toMatchObject({ ok: false, detail: expect.stringMatching(/a join waits here/) });
    expect(existsSync(join(homeOf('dora').app, 'pin.json'))).toBe(false);
    expect(readFileSync(join(homeOf('dora').app, 'join.json'))).toEqual(waits);
  });

  test('goes with its keys when it is given up, and only where one waits', async () => {
    expect((await run('dora', 'join --give-up')).code).toBe(0);
    expect(readdirSync(homeOf('dora').app).filter((name) => /join|pem|sealed/.test(name))).toEqual(
      [],
    );
    const again = await run('dora', 'join --give-up');
    expect([again.code, again.err]).toEqual([64, 'countersign: no join waits here\n']);
    // A machine that is in an organisation keeps its keys.
    const kept = await run('carl', 'join --give-up');
    expect(kept.code).not.toBe(0);
  });
});

test('plain ws beyond this machine is not dialled unless it was accepted', async () => {
  const ran = await run('new', 'guard join ws://192.0.2.1:8750 --name ci');
  expect([ran.code, ran.err]).toEqual([64, expect.stringMatching(/--plain-network/)]);
});
