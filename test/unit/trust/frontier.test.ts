import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Frontier } from '../../../main/trust/frontier.ts';
import { rootAt } from '../../../main/trust/tree.ts';
import { toHex } from '../../../shared/bytes.ts';
import { leafHashes, naiveRoot, readerOf } from './kit.ts';

test('the root equals the definition after every append', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 90 }),
      (leaves) => {
        const frontier = new Frontier();
        for (const leaf of leaves) frontier.append(leaf);
        expect(frontier.size).toBe(leaves.length);
        expect(toHex(frontier.root())).toBe(toHex(naiveRoot(leaves)));
      },
    ),
    { numRuns: 150 },
  );
});

test('the nodes that appends complete are all that roots are read from', () => {
  const leaves = leafHashes(200);
  const frontier = new Frontier();
  const stored = new Map<string, Uint8Array>();
  for (const leaf of leaves) {
    for (const { level, index, hash } of frontier.append(leaf)) {
      expect(stored.has(`${level}/${index}`)).toBe(false);
      stored.set(`${level}/${index}`, hash);
    }
    const root = rootAt(
      {
        leafHash: (index) => leaves[index] ?? new Uint8Array(0),
        node: (level, index) => stored.get(`${level}/${index}`) ?? new Uint8Array(0),
      },
      frontier.size,
    );
    expect(toHex(root)).toBe(toHex(frontier.root()));
  }
  const reader = readerOf(leaves);
  for (const [key, hash] of stored) {
    const [level, index] = key.split('/').map(Number);
    expect(toHex(hash)).toBe(toHex(reader.node(level ?? 0, index ?? 0)));
  }
  // 200 leaves complete floor(200/2) + floor(200/4) + ... nodes.
  expect(stored.size).toBe(100 + 50 + 25 + 12 + 6 + 3 + 1);
});

test('a restored frontier goes on as if it had never stopped', () => {
  const leaves = leafHashes(70);
  for (let stop = 0; stop <= 70; stop += 1) {
    const before = new Frontier();
    for (const leaf of leaves.slice(0, stop)) before.append(leaf);
    const after = Frontier.restore(before.state());
    if (!after.ok) throw new Error(after.code);
    for (const leaf of leaves.slice(stop)) after.value.append(leaf);
    expect(after.value.size).toBe(70);
    expect(toHex(after.value.root())).toBe(toHex(naiveRoot(leaves)));
  }
});

test('refuses a state whose size and hashes do not agree', () => {
  const [hash = new Uint8Array(0), other = new Uint8Array(0)] = leafHashes(2);
  const refused = { ok: false, code: 'frontier' };
  expect(Frontier.restore({ size: 3, hashes: [hash] })).toMatchObject(refused);
  expect(Frontier.restore({ size: 4, hashes: [hash, other] })).toMatchObject(refused);
  expect(Frontier.restore({ size: 1, hashes: [hash.subarray(1)] })).toMatchObject(refused);
  expect(Frontier.restore({ size: -1, hashes: [] })).toMatchObject(refused);
  expect(Frontier.restore({ size: 2 ** 53, hashes: [hash] })).toMatchObject(refused);
  expect(Frontier.restore({ size: 0, hashes: [] }).ok).toBe(true);
});

test('a leaf hash of another length is a bug', () => {
  expect(() => new Frontier().append(new Uint8Array(31))).toThrow('invariant');
});
