// Seeded bugs of main/trust and of the byte form of statements: keys, signatures, envelopes, the tree and its texts.

import { type Mutant, mutant } from './mutant.ts';

const MERKLE = 'main/trust/merkle.ts';
const MERKLE_TEST = 'test/unit/trust/merkle.test.ts';
const ED25519 = 'main/trust/ed25519.ts';
const FAST_VERIFIER = 'main/trust/fast-verifier.ts';
const FAST_VERIFIER_TEST = 'test/unit/trust/fast-verifier.test.ts';
const KEYRING = 'main/trust/keyring.ts';
const KEYRING_TEST = 'test/unit/trust/keyring.test.ts';

export const TRUST_MUTANTS: readonly Mutant[] = [
  mutant(
    'size-zero-consistency',
    MERKLE,
    ['first === 0 || first > second', 'first > second'],
    MERKLE_TEST,
    'every history would be proven to follow from nothing',
  ),
  mutant(
    'index-outside-the-tree',
    MERKLE,
    ['index >= size) return false', 'index > size) return false'],
    MERKLE_TEST,
    'a leaf could be proven where the tree has none',
  ),
  mutant(
    'proof-may-end-below-the-root',
    MERKLE,
    ['return position.isPastRoot() && sameBytes(hash, root);', 'return sameBytes(hash, root);'],
    MERKLE_TEST,
    'a node of the tree would pass as its root',
  ),
  mutant(
    'hashes-of-any-length',
    MERKLE,
    ['values.every((value) => value.length === HASH_LENGTH)', 'values.length >= 0'],
    MERKLE_TEST,
    'two hashes cut at another place would stand for each other',
  ),
  mutant(
    'consistency-forgets-the-old-root',
    MERKLE,
    ['position.isPastRoot() && sameBytes(firstHash, firstRoot) &&', 'position.isPastRoot() &&'],
    MERKLE_TEST,
    'a rewritten history would be proven to follow from the old one',
  ),
  mutant(
    'leaf-hashed-as-a-node',
    MERKLE,
    ['const LEAF = Uint8Array.of(0x00);', 'const LEAF = Uint8Array.of(0x01);'],
    MERKLE_TEST,
    'a leaf of 64 bytes would pass as a node (RFC 6962 2.1)',
  ),
  mutant(
    'low-order-key',
    'main/trust/point.ts',
    ['!point.isSmallOrder() && point.isTorsionFree()', 'point.isTorsionFree()'],
    'test/unit/trust/ed25519.test.ts',
    'one signature under the identity key fits every message on some verifiers',
  ),
  mutant(
    'key-with-torsion',
    'main/trust/point.ts',
    ['!point.isSmallOrder() && point.isTorsionFree()', '!point.isSmallOrder()'],
    'test/unit/trust/ed25519.test.ts',
    'verifiers would disagree about its signatures',
  ),
  mutant(
    'malleable-signature',
    'main/trust/signature-form.ts',
    ['if (!isBelow(signature.subarray(32), ORDER)) return false;', ''],
    'test/unit/trust/ed25519.test.ts',
    'a signature would have a second form wherever the runtime does not look',
  ),
  mutant(
    'signature-form-not-asked',
    ED25519,
    ['isStrictSignature(signature) && verifier(key', 'verifier(key'],
    'test/unit/trust/ed25519.test.ts',
    'the verdict would be that of whichever library is asked',
  ),
  mutant(
    'libsodium-unproven',
    FAST_VERIFIER,
    ['return sound ? sodium : undefined;', 'return sound ? sodium : sodium;'],
    FAST_VERIFIER_TEST,
    'a library that takes what it must not would be asked',
  ),
  mutant(
    'libsodium-proven-by-good-ones-alone',
    'main/trust/self-test.ts',
    ['good.flatMap(changed).every((one) => says(one) === false)', 'good.length > 0'],
    FAST_VERIFIER_TEST,
    'a library that takes a changed signature would be asked',
  ),
  mutant(
    'lenient-library-proven',
    'main/trust/self-test.ts',
    ['BAD.map(cut).every((one) => says(one) === false)', 'BAD.length > 0'],
    FAST_VERIFIER_TEST,
    'the two libraries would have two verdicts of an R with a torsion part',
  ),
  mutant(
    'fault-in-libsodium-escapes',
    FAST_VERIFIER,
    ['      sodium = undefined;\n      return runtime(', '      throw new Error(); runtime('],
    FAST_VERIFIER_TEST,
    'one call that goes wrong would end whoever verifies',
  ),
  mutant(
    'libsodium-asked-again-after-a-fault',
    FAST_VERIFIER,
    ['      sodium = undefined;\n', ''],
    FAST_VERIFIER_TEST,
    'a library that went wrong once would go on judging',
  ),
  mutant(
    'nothing-in-libsodiums-place',
    FAST_VERIFIER,
    [
      '  } catch {\n    return undefined;\n',
      '  } catch {\n    return { crypto_sign_verify_detached: () => true };\n',
    ],
    FAST_VERIFIER_TEST,
    'where an optional package is missing every signature would hold',
  ),
  mutant(
    'verdict-before-libsodium-came',
    FAST_VERIFIER,
    [
      'if (sodium === undefined) return runtime(key, bytes, signature);',
      'if (sodium === undefined) return true;',
    ],
    FAST_VERIFIER_TEST,
    'until a library has come, every signature would hold',
  ),
  mutant(
    'libsodium-loaded-at-once',
    ED25519,
    ['const BEFORE_LOADING = 512;', 'const BEFORE_LOADING = 1;'],
    FAST_VERIFIER_TEST,
    'each short command would pay for loading it',
  ),
  mutant(
    'payload-type-not-signed',
    'main/trust/pae.ts',
    ['const type = utf8(payloadType);', 'const type = utf8(payloadType.slice(0, 0));'],
    'test/unit/trust/envelope.test.ts',
    'a signature over one type of statement would be one over any other',
  ),
  mutant(
    'no-reserialise',
    'shared/statement/cj1.ts',
    ['write(value, 1) === text ? ok(value)', 'write(value, 1) ? ok(value)'],
    'test/unit/statement/cj1.test.ts',
    'two equal names, and two texts for one statement, would pass',
  ),
  mutant(
    'signature-by-a-hint',
    'main/trust/envelope.ts',
    [
      'return verify(key, pae(envelope.payloadType, envelope.payload), signature.sig);',
      'return true;',
    ],
    'test/unit/trust/envelope.test.ts',
    'the key id of an envelope would be its signature',
  ),
  mutant(
    'same-key-signs-twice',
    'main/trust/envelope.ts',
    ['if (read.some((earlier) => earlier.keyid === signature.keyid)) return undefined;', ''],
    'test/unit/trust/envelope.test.ts',
    'one root could sign as several',
  ),
  mutant(
    'another-payload-for-the-leaf',
    'main/trust/leaf.ts',
    ['if (sha256Hex(payload) !== leaf.payloadSha256) {', 'if (payload.length < 0) {'],
    'test/unit/trust/envelope.test.ts',
    'the body beside the tree could be exchanged',
  ),
  mutant(
    'threshold-of-one',
    KEYRING,
    ['return signed.size >= pin.threshold;', 'return signed.size > 0;'],
    KEYRING_TEST,
    'one root key would do what takes several',
  ),
  mutant(
    'keyring-rollback',
    KEYRING,
    [
      "if (next.value.keyring.version !== held.keyring.version + 1) return fail('keyringVersion');",
      '',
    ],
    KEYRING_TEST,
    'an older keyring would bring a revoked key back',
  ),
  mutant(
    'keyring-of-another-chain',
    KEYRING,
    ["if (next.value.keyring.prevSha256 !== held.sha256) return fail('keyringPrevious');", ''],
    KEYRING_TEST,
    'two chains of keyrings could be grafted onto each other',
  ),
  mutant(
    'keyring-signed-by-its-own-roots',
    KEYRING,
    ['!enoughRoots(envelope.value, trusted) || ', ''],
    KEYRING_TEST,
    'whoever makes a keyring would be its own authority',
  ),
  mutant(
    'new-roots-need-not-sign',
    KEYRING,
    [' || !enoughRoots(envelope.value, keyring.value)', ''],
    KEYRING_TEST,
    'root keys that nobody holds could be put in charge',
  ),
  mutant(
    'keyring-of-another-organisation',
    KEYRING,
    ["if (keyring.value.org !== trusted.org) return fail('keyringOrg');", ''],
    KEYRING_TEST,
    'roots that two organisations share would mix their people',
  ),
  mutant(
    'one-key-two-people',
    KEYRING,
    [
      "if (hits.has(entry.keyId)) return fail('keyringKey', `a key of ${who.id} stands twice`);",
      '',
    ],
    KEYRING_TEST,
    'one key could be two people of a quorum',
  ),
  mutant(
    'revoked-key',
    KEYRING,
    [
      'hit.fromIndex <= index && (hit.untilIndex === undefined || index < hit.untilIndex);',
      'hit.fromIndex <= index;',
    ],
    KEYRING_TEST,
    'a stolen key would go on deciding',
  ),
  mutant(
    'revoked-session',
    KEYRING,
    ['hit.untilIndex === undefined || size < hit.untilIndex;', 'size >= 0;'],
    KEYRING_TEST,
    'a revoked device would stay logged in',
  ),
  mutant(
    'bad-note-line-ignored',
    'main/trust/note.ts',
    ["return fail('signature', `${vkey.name} did not sign this note`);", 'continue;'],
    'test/unit/trust/note.test.ts',
    'a known signer with a wrong signature would count as having signed',
  ),
  mutant(
    'cosignature-key-type',
    'main/trust/cosignature.ts',
    ['witness.type !== COSIGNATURE_TYPE || ', ''],
    'test/unit/trust/checkpoint.test.ts',
    'a key that signs notes would count as a witness',
  ),
  mutant(
    'cosignature-without-its-time',
    'main/trust/cosignature.ts',
    [
      'utf8(`cosignature/v1\\ntime ${seconds}\\n${headText}`)',
      'utf8(`cosignature/v1\\n${headText}`)',
    ],
    'test/unit/trust/checkpoint.test.ts',
    'the time of a cosignature, which freshness rests on, could be rewritten',
  ),
  mutant(
    'head-of-another-log',
    'main/trust/checkpoint.ts',
    ["if (head.value.origin !== vkey.name) return fail('origin', `not of ${vkey.name}`);", ''],
    'test/unit/trust/checkpoint.test.ts',
    'a head of another log under the same key would be taken for this one’s',
  ),
  mutant(
    'vkey-id-not-recomputed',
    'main/trust/vkey.ts',
    ['return sameBytes(vkey.keyId, keyId) ? ok(vkey)', 'return keyId.length === 4 ? ok(vkey)'],
    'test/unit/trust/note.test.ts',
    'a key could be configured under the id of another',
  ),
  mutant(
    'sizes-as-numbers',
    'main/trust/decimal.ts',
    [
      'const exact = BigInt(text);',
      'const exact = BigInt(Math.min(Number(text), Number.MAX_SAFE_INTEGER));',
    ],
    'test/unit/trust/decimal.test.ts',
    'two sizes would be read as one',
  ),
];
