// Defects that were found in other products, about the record: the key or the anchor that protects it kept beside it, and a
// log that trims itself or can be cleared.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CLIENT_MESSAGES } from '../../../shared/protocol/messages.ts';
import { seal } from '../../../main/trust/envelope.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { openTeamHouse, type TeamHouse } from '../../kit/team-house.ts';
import { openWorld } from '../../unit/app/world.ts';

let house: TeamHouse | undefined;
afterEach(async () => {
  await house?.stop();
  house = undefined;
});

describe('nothing beside the log can vouch for it', () => {
  test('whoever has the broker’s keys makes no keyring: neither the log’s nor the session’s key is a root', async () => {
    house = await openTeamHouse();
    const { keyring, keys, identity } = house.world;
    const next = {
      ...keyring,
      version: 2,
      prevSha256: sha256Hex(encodeStatement('keyring', keyring)),
      owners: [],
    };
    for (const pair of [keys.log, keys.broker, keys.guard, keys.alice.session]) {
      const made = seal(payloadTypeOf('keyring'), encodeStatement('keyring', next), pair);
      expect(identity.offerKeyring(made)).toBe(false);
    }
  });

  test('the broker’s folder holds no key of a person, of a guard or of the roots', async () => {
    house = await openTeamHouse();
    const running = house.run();
    const alice = await house.hand(house.world.keys.alice);
    await alice.signs(await alice.sees());
    await running;
    const files = under(house.folder).map((file) => readFileSync(file));
    const { root, alice: person, guard } = house.world.keys;
    for (const pair of [root, person.decision, person.witness, guard]) {
      // PKCS #8 of Ed25519: the 32 bytes of the seed come last.
      const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
      const seed = Buffer.from(pkcs8).subarray(-32);
      expect(files.some((bytes) => bytes.includes(seed))).toBe(false);
    }
  });

  test('what a guard and an app have seen of the log lies with them: a log that went backwards is an alarm there', async () => {
    await using world = await openWorld();
    const digest = await world.ask('medium');
    await world.ask('medium', { reason: 'second' });
    // The broker comes back with one entry less, signed by the same log key.
    world.log.leaves.pop();
    world.peer().hangUp();
    await world.until(({ link }) => link.state !== 'online');
    world.time.advance(60_000);
    await world.until(({ log }) => log.alarm?.code === 'logCut');
    await world.until(() => world.row(digest)?.approveOff === 'alarm');
  });
});

describe('a log that grows and never shrinks', () => {
  test('nobody can say anything on the wire that takes an entry away', () => {
    const names = Object.keys(CLIENT_MESSAGES);
    expect(
      names.filter((name) => /clear|trim|delete|purge|truncate|drop|reset/i.test(name)),
    ).toEqual([]);
  });

  test('no line of the program takes a row out of the log, or changes more of one than an erased text', () => {
    const sources = ['main/ledger', 'main/broker', 'main/app/store']
      .flatMap((folder) => under(join(import.meta.dirname, '../../..', folder)))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file, readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ')] as const);
    expect(sources.length).toBeGreaterThan(20);
    const shrinks = /delete from (leaves|entries|log)\b|drop table|replace into (leaves|log)\b/i;
    const found = sources.filter(([, text]) => shrinks.test(text)).map(([file]) => file);
    expect(found.map((file) => file.split('/').slice(-3).join('/'))).toEqual([]);
    // The leaf, its hash and the tree's nodes stand; of the text as many zeroes stay as it had bytes.
    const changed = sources.flatMap(([, text]) => text.match(/update (leaves|log) [^'`]*/gi) ?? []);
    expect(changed).toEqual([
      'update leaves set erased = 1, payload = zeroblob(length(payload)) where idx = ?',
    ]);
  });

  test('many requests later every entry is still there, from the first on', async () => {
    house = await openTeamHouse();
    const alice = await house.hand(house.world.keys.alice);
    let before: string | undefined;
    for (let i = 0; i < 3; i++) {
      const running = house.run();
      const seen = await alice.sees(before);
      before = seen.digest;
      await alice.signs(seen, { verdict: 'deny' });
      await running;
    }
    const late = await house.hand(house.world.keys.bob);
    await late.sees();
    const newest = Math.max(...alice.client.leaves().keys());
    await late.client.leaf(newest);
    const seen = [...late.client.leaves().keys()].filter((index) => index <= newest);
    expect(seen).toEqual(Array.from({ length: newest + 1 }, (_, index) => index));
  });
});

const under = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
