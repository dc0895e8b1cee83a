// One body of each message of the wire, and what the generator cannot see in it: which members may be missing, which take one
// of a few words, and how long a list or a text may be.

export type MessageSample = {
  readonly body: { readonly [name: string]: unknown };
  /** Paths that may be missing. */
  readonly optional?: readonly string[];
  /** Paths that take one of a few words. */
  readonly words?: readonly string[];
  /** Paths of lists, with the most that they may have. */
  readonly most?: { readonly [path: string]: number };
  /** Paths of texts, with the most characters that they may have. */
  readonly longest?: { readonly [path: string]: number };
};

const digest = (byte: string): string => byte.repeat(32);
const ENVELOPE = '{"payload":"","payloadType":"t","signatures":[]}';
const LEAF = '{"payloadSha256":"","payloadType":"t","signatures":[]}';
const HASH = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=';
const NOTE = `log.example/1\n1\n${HASH}\n\n— log.example/1 AAAA\n`;
const AT = '2026-11-22T09:30:00.000Z';
const envelope: MessageSample = { body: { envelope: ENVELOPE } };

export const CLIENT_SAMPLES: { readonly [t: string]: MessageSample } = {
  login: envelope,
  join: envelope,
  request: envelope,
  decision: envelope,
  notice: envelope,
  ending: envelope,
  receipt: envelope,
  auto: envelope,
  policy: { body: { sha256: digest('e5') } },
  putPolicy: { body: { bytes: 'aGVsbG8=' } },
  erasure: envelope,
  grant: envelope,
  grantEnd: envelope,
  grants: { body: { agent: 'claude-code' } },
  away: { body: { until: AT }, optional: ['body.until'] },
  surface: {
    body: { works: false, why: 'noDaemon' },
    optional: ['body.why'],
    longest: { 'body.why': 30 },
  },
  keyring: envelope,
  follow: { body: { cursor: 0 } },
  got: { body: { cursor: 9_007_199_254_740_991 } },
  chunk: { body: { sha256: digest('a1'), size: 5, offset: 0, bytes: 'aGVsbG8=' } },
  include: { body: { index: 7 } },
  prove: { body: { first: 1, second: 9 } },
  fetch: { body: { request: digest('b2'), sha256: digest('a1'), offset: 131_072 } },
  ahead: { body: { note: NOTE }, longest: { 'body.note': 4096 } },
  fork: { body: { evidence: '{"kind":"fork"}' }, longest: { 'body.evidence': 16_384 } },
  cosign: { body: { size: 7, line: '— acme/maya/laptop AAAA' }, longest: { 'body.line': 600 } },
};

export const SERVER_SAMPLES: { readonly [t: string]: MessageSample } = {
  hello: {
    body: {
      brokerOrigin: 'log.example/1',
      brokerKeyId: digest('c3'),
      serverNonce: digest('d4'),
      checkpoint: NOTE,
      version: 'countersign-broker/0.1.0',
    },
    longest: { 'body.checkpoint': 4096, 'body.version': 60 },
  },
  welcome: {
    body: { envelope: ENVELOPE, keyrings: [ENVELOPE], plain: true },
    most: { 'body.keyrings': 64 },
  },
  included: {
    body: { index: 7, proof: [HASH], note: NOTE },
    optional: ['body.proof'],
    most: { 'body.proof': 63 },
    longest: { 'body.note': 4096 },
  },
  policyBytes: { body: { sha256: digest('e5'), bytes: 'aGVsbG8=' } },
  ack: { body: { index: 12 }, optional: ['body.index'] },
  refused: {
    body: { code: 'busy', retryAfterMs: 250 },
    optional: ['body.retryAfterMs'],
    words: ['body.code'],
  },
  leaves: {
    body: { from: 3, entries: [{ leaf: LEAF, payload: 'e30=' }] },
    optional: ['body.entries.0.payload'],
    most: { 'body.entries': 1024 },
    longest: { 'body.entries.0.leaf': 65_535 },
  },
  checkpoint: { body: { note: NOTE }, longest: { 'body.note': 4096 } },
  entry: {
    body: {
      request: digest('b2'),
      envelope: ENVELOPE,
      index: 6,
      proof: [HASH, HASH],
      requestIndex: 5,
      requestProof: [HASH],
      note: NOTE,
      history: [{ first: 5, proof: [HASH] }],
    },
    optional: ['body.history'],
    most: { 'body.proof': 63, 'body.requestProof': 63, 'body.history': 4 },
    longest: { 'body.proof.0': 44, 'body.note': 4096 },
  },
  witnessed: { body: { request: digest('b2'), note: NOTE }, longest: { 'body.note': 4096 } },
  granted: {
    body: {
      grants: [{ envelope: ENVELOPE, index: 6, proof: [HASH] }],
      ends: [ENVELOPE],
      note: NOTE,
    },
    most: { 'body.grants': 16, 'body.ends': 16, 'body.grants.0.proof': 63 },
    longest: { 'body.grants.0.proof.0': 44, 'body.note': 4096 },
  },
  proof: {
    body: { first: 1, second: 9, proof: [HASH] },
    most: { 'body.proof': 63 },
    longest: { 'body.proof.0': 44 },
  },
  part: { body: { sha256: digest('a1'), size: 5, offset: 0, bytes: 'aGVsbG8=' } },
  asking: {
    body: {
      request: digest('b2'),
      people: [{ id: 'maya', name: 'Maya Chen', state: 'shown', turn: true, why: 'onCall' }],
      next: { at: AT, asked: ['otto'] },
    },
    optional: ['body.next', 'body.people.0.why'],
    words: ['body.people.0.state', 'body.people.0.why'],
    most: { 'body.people': 200, 'body.next.asked': 200 },
    longest: { 'body.people.0.name': 100 },
  },
  turn: {
    body: { request: digest('b2'), step: 2, asked: ['maya'], next: { at: AT, asked: ['otto'] } },
    optional: ['body.next'],
    most: { 'body.asked': 200, 'body.next.asked': 200 },
  },
  onCall: {
    body: {
      groups: [
        {
          group: 'oncall',
          now: [{ id: 'maya', trouble: 'noSurface' }],
          next: { at: AT, who: ['otto'] },
        },
      ],
      away: [{ id: 'otto', until: AT }],
    },
    optional: ['body.groups.0.next', 'body.groups.0.now.0.trouble'],
    words: ['body.groups.0.now.0.trouble'],
    most: {
      'body.groups': 64,
      'body.groups.0.now': 64,
      'body.groups.0.next.who': 64,
      'body.away': 200,
    },
  },
  agent: {
    body: { request: digest('b2'), state: 'here', since: AT },
    words: ['body.state'],
  },
  keyring: envelope,
  fork: { body: { evidence: '{"kind":"fork"}' }, longest: { 'body.evidence': 16_384 } },
  proposals: {
    body: { proposals: [{ id: digest('e5'), since: AT, here: true, envelope: ENVELOPE }] },
    most: { 'body.proposals': 20 },
  },
  enrolled: { body: { keyrings: [ENVELOPE] }, most: { 'body.keyrings': 64 } },
};
