// Seeded bugs of the program's edges: who is at the other end of the link, who may speak to the app, what a file may be.

import { type Mutant, mutant } from './mutant.ts';

const HANDSHAKE = 'main/link/handshake.ts';
const LINK_TEST = 'test/flow/link-login.test.ts';
const PAGE = 'main/hosts/browser/server.ts';
const PAGE_TEST = 'test/flow/host-browser.test.ts';
const FILES = 'main/state/atomic-file.ts';
const FILES_TEST = 'test/unit/state/atomic-file.test.ts';

export const EDGE_MUTANTS: readonly Mutant[] = [
  mutant(
    'recorded-welcome',
    HANDSHAKE,
    ['said.clientNonce === login.clientNonce &&', ''],
    LINK_TEST,
    'a recording of a broker’s welcome would be a broker',
  ),
  mutant(
    'unsigned-welcome',
    HANDSHAKE,
    ['signatures.length !== 1 || !verifyEnvelope(envelope.value, key)', 'signatures.length !== 1'],
    LINK_TEST,
    'whoever answers at the address would be the broker',
  ),
  mutant(
    'broker-of-nobody',
    HANDSHAKE,
    ["hit === undefined || hit.kind !== 'broker' || hit.use !== 'session'", 'hit === undefined'],
    LINK_TEST,
    'any key of the keyring would speak as the broker',
  ),
  mutant(
    'revoked-broker',
    HANDSHAKE,
    ["if (hit.untilIndex !== undefined) return fail('revokedKey');", ''],
    LINK_TEST,
    'a broker whose key was ended would go on',
  ),
  mutant(
    'page-of-another-origin',
    PAGE,
    ["if (origin !== `http://127.0.0.1:${port}`) return '403 Forbidden';", ''],
    PAGE_TEST,
    'any web page that the person has open could speak to the app',
  ),
  mutant(
    'rebound-name',
    PAGE,
    [
      'if (request.headers.host !== `127.0.0.1:${port}`)',
      'if (request.headers.host === undefined)',
    ],
    PAGE_TEST,
    'a page could reach the app by rebinding its name (DNS)',
  ),
  mutant(
    'address-works-twice',
    'main/hosts/browser/admission.ts',
    ['tokens = tokens.filter((one) => !found.includes(one));', ''],
    'test/unit/hosts/browser.test.ts',
    'an address from a terminal’s history would open the app',
  ),
  mutant(
    'address-for-ever',
    'main/hosts/browser/admission.ts',
    [
      'tokens.filter(({ until }) => until > ports.clock.monotonic())',
      'tokens.filter(({ until }) => until > 0)',
    ],
    'test/unit/hosts/browser.test.ts',
    'an old address would open the app',
  ),
  mutant(
    'file-that-others-may-open',
    FILES,
    ['if ((stats.mode & 0o077) !== 0)', 'if (stats.mode < 0)'],
    FILES_TEST,
    'a key that others can read would be used',
  ),
  mutant(
    'file-by-a-link',
    FILES,
    ['constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) |', 'constants.O_RDONLY |'],
    FILES_TEST,
    'another user’s link would choose what is read',
  ),
  mutant(
    'pin-replaced',
    FILES,
    ['linkSync(temp, path);', 'renameSync(temp, path);'],
    FILES_TEST,
    'the guard’s root of trust could be written a second time',
  ),
  mutant(
    'pinned-low-order-root',
    'main/state/pin.ts',
    ['return key?.ok === true && key.value.keyId === root.keyId;', 'return root.keyId.length > 0;'],
    'test/unit/state/files.test.ts',
    'a root key that fits every message could be pinned',
  ),
  {
    id: 'mark-of-another-history',
    file: 'main/state/high-mark.ts',
    edits: [
      {
        from: "if (known !== undefined && !sameBytes(known.bytes, next.bytes)) return fail('differs');",
        to: '',
      },
      { from: "if (!sameBytes(stored.value, next.bytes)) return fail('differs');", to: '' },
    ],
    red: ['test/unit/state/files.test.ts'],
    why: 'two checkpoints of one size would count as one',
  },
  mutant(
    'mark-goes-down',
    'main/state/high-mark.ts',
    ["if (seen.some((mark) => mark.number > next.number)) return fail('lower');", ''],
    'test/unit/state/files.test.ts',
    'a rolled back log would replace what was seen',
  ),
  mutant(
    'redacts-nothing',
    'main/app/attention/redact.ts',
    ['for (const [shape, by] of SHAPES) out = out.replace(shape, by);', ''],
    'test/unit/app/attention-redact.test.ts',
    'a password would stand on the lock screen',
  ),
];
