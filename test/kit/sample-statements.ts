// One statement of each type with fixed bytes: what test/vectors/statements was written from. `spoil` makes the hostile
// ones: each is canonical CJ-1, or says that it is not, and breaks one rule of its schema.

import type { Statement, StatementType } from '../../shared/statement/statement.ts';
import { EXEC, requestOf } from '../unit/statement/view-samples.ts';

const AT = '2026-11-22T09:30:00.000Z';
const hex = (n: number, bytes = 32): string => n.toString(16).padStart(2, '0').repeat(bytes);
// An Ed25519 SubjectPublicKeyInfo of 44 bytes; the point is RFC 8032 test 1.
const SPKI = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const key = (n: number) => ({ keyId: hex(n), spki: SPKI, fromIndex: 0 });

export const SAMPLES: { readonly [T in StatementType]: Statement<T> } = {
  request: requestOf(EXEC),
  decision: {
    decisionId: hex(1, 16),
    verdict: 'approve',
    reason: 'nightly run, as agreed',
    request: hex(2),
    view: { renderer: 'countersign-view/1', sha256: hex(3), flags: ['mixedScript'] },
    policy: { sha256: hex(4), rules: ['hold-exports'] },
    reviewer: { id: 'maya', keyId: hex(5), device: 'maya-laptop', seq: 1, prev: hex(0) },
    keyring: { version: 1, sha256: hex(6) },
    checkpoint: 'bG9nCjEKMQo=',
    use: { max: 1 },
    presence: 'click',
    issuedAt: AT,
    expiresAt: '2026-11-22T09:35:00.000Z',
  },
  notice: {
    request: hex(2),
    what: 'opened',
    by: { id: 'maya', keyId: hex(7), device: 'maya-laptop' },
    at: AT,
  },
  ending: {
    request: hex(2),
    how: 'denied',
    decisions: [hex(8)],
    who: { role: 'guard', id: 'guard-1', keyId: hex(9) },
    guidance: 'A person denied it.',
    at: AT,
  },
  receipt: {
    request: hex(2),
    decisions: [hex(8)],
    state: 'finished',
    exit: { code: 3 },
    guard: { id: 'guard-1', keyId: hex(9) },
    checkpoint: 'bG9nCjEKMQo=',
    at: AT,
  },
  auto: {
    org: 'acme',
    log: 'log.acme.example/main',
    guard: { id: 'guard-1', keyId: hex(9), host: 'build-7' },
    entries: [
      {
        id: hex(19, 16),
        action: hex(20),
        agent: { id: 'claude-code', session: 's1', onBehalfOf: 'maya', authn: 'account' },
        mode: 'run',
        facts: { kind: 'exec', program: 'ls', unknown: false },
        evaluatedAt: AT,
        policy: { sha256: hex(4), rules: ['reads'] },
        outcome: 'allow',
      },
    ],
    at: AT,
  },
  erasure: {
    request: hex(2),
    what: [hex(2), hex(8)],
    reason: 'it held a customer record',
    reviewer: { id: 'maya', keyId: hex(5), device: 'maya-laptop', seq: 2, prev: hex(8) },
    at: AT,
  },
  grant: {
    request: hex(2),
    terms: {
      org: 'acme',
      log: 'log.acme.example/main',
      guard: 'guard-1',
      agent: 'claude-code',
      onBehalfOf: 'otto',
      policy: hex(4),
      tier: 'medium',
      actions: { when: 'context.program == "psql"' },
      uses: 3,
      perHour: 2,
      from: AT,
      until: '2026-11-22T11:30:00.000Z',
    },
    reviewer: { id: 'maya', keyId: hex(5), device: 'maya-laptop', seq: 2, prev: hex(8) },
    view: { renderer: 'countersign-terms/1', sha256: hex(3) },
    keyring: { version: 1, sha256: hex(6) },
    checkpoint: 'bG9nCjEKMQo=',
    presence: 'click',
    issuedAt: AT,
  },
  grantEnd: {
    request: hex(2),
    terms: hex(21),
    reviewer: { id: 'maya', keyId: hex(5), device: 'maya-laptop', seq: 3, prev: hex(8) },
    at: AT,
  },
  escalation: {
    request: hex(2),
    step: 2,
    asked: ['otto', 'maya'],
    why: 'unseen',
    by: { id: 'broker', keyId: hex(11) },
    at: AT,
  },
  keyring: {
    org: 'acme',
    version: 1,
    solo: false,
    issuedAt: AT,
    expires: '2027-02-20T09:30:00.000Z',
    threshold: 1,
    roots: [{ keyId: hex(10), spki: SPKI }],
    log: { origin: 'log.acme.example/main', vkey: 'log.acme.example/main+00000000+AQ==' },
    brokers: [{ id: 'broker', keys: [{ ...key(11), use: 'log' }] }],
    reviewers: [
      {
        id: 'maya',
        name: 'Maya Chen',
        groups: ['oncall'],
        keys: [{ ...key(12), use: 'decision', device: 'maya-laptop' }],
      },
    ],
    guards: [
      {
        id: 'guard-1',
        host: 'build-7',
        agents: [],
        maxTier: 'high',
        keys: [{ ...key(13), use: 'guard', untilIndex: 900, why: 'replaced' }],
      },
    ],
    channels: [],
    groups: [{ id: 'oncall', name: 'On call' }],
    owners: [{ agent: 'claude-code', owner: 'maya' }],
    policies: [{ sha256: hex(4), name: 'hold-everything' }],
  },
  login: {
    brokerOrigin: 'log.acme.example/main',
    brokerKeyId: hex(14),
    serverNonce: hex(15),
    clientNonce: hex(16),
    role: 'guard',
    keyId: hex(17),
    tlsExporter: 'none',
    clientVersion: '0.1.0',
    issuedAt: AT,
  },
  welcome: {
    sessionId: hex(18, 16),
    serverNonce: hex(15),
    clientNonce: hex(16),
    clientKeyId: hex(17),
    brokerKeyId: hex(14),
    issuedAt: AT,
  },
};

export type Spoil = readonly [why: string, from: string, to: string];

/** A change of the valid text, by its first occurrence. Three or more a type. */
export const SPOILS: { readonly [T in StatementType]: readonly Spoil[] } = {
  request: [
    ['a member that no request has', '"agent":', '"agenda":1,"agent":'],
    ['a fact that would be dropped unseen', '"facts":{', '"facts":{"__proto__":"x",'],
    ['two tiers, the last of them lower', '"tier":"medium"', '"tier":"medium","tier":"low"'],
    ['nobody is needed', '"needs":[{"count":1,"group":"oncall"}]', '"needs":[]'],
    ['a need of nobody', '"count":1,', '"count":0,'],
    ['clean text as base64', '"reason":"nightly export"', '"reason":{"b64":"bmlnaHRseQ=="}'],
    ['lives for years', '"ttlMs":300000', '"ttlMs":300000000000'],
    ['another kind of action', '"kind":"exec"', '"kind":"shell"'],
  ],
  decision: [
    ['two verdicts', '"verdict":"approve"', '"verdict":"approve","verdict":"deny"'],
    ['another verdict', '"verdict":"approve"', '"verdict":"Approve"'],
    ['may be used twice', '"max":1', '"max":2'],
    [
      'no view',
      `"view":{"flags":["mixedScript"],"renderer":"countersign-view/1","sha256":"${hex(3)}"}`,
      '"view":{}',
    ],
    ['a digest in capitals', `"request":"${hex(2)}"`, `"request":"${'AB'.repeat(32)}"`],
    ['a place that a parser rounds', '"seq":1', '"seq":9007199254740993'],
    ['place zero', '"seq":1', '"seq":0'],
    ['a time without milliseconds', AT, '2026-11-22T09:30:00Z'],
  ],
  notice: [
    ['another word', '"what":"opened"', '"what":"approved"'],
    ['a person outside the form', '"id":"maya"', '"id":"maya chen"'],
    ['a time that is none', AT, '2026-02-30T09:30:00.000Z'],
  ],
  ending: [
    ['another ending', '"how":"denied"', '"how":"allowed"'],
    ['an app as its author', '"role":"guard"', '"role":"reviewer"'],
    ['a decision by no digest', `"decisions":["${hex(8)}"]`, '"decisions":["x"]'],
    [
      'guidance with a line end in it',
      '"guidance":"A person denied it."',
      '"guidance":"A\\nperson"',
    ],
  ],
  receipt: [
    ['an exit code above 255', '"code":3', '"code":256'],
    ['code and signal at once', '"exit":{"code":3}', '"exit":{"code":3,"signal":"SIGTERM"}'],
    ['a negative exit code', '"code":3', '"code":-1'],
    ['another state', '"state":"finished"', '"state":"ok"'],
  ],
  auto: [
    ['an account of nothing', '"entries":[{', '"entries":[],"more":[{'],
    ['an outcome that takes a person', '"outcome":"allow"', '"outcome":"hold"'],
    ['a digest in capitals', `"action":"${hex(20)}"`, `"action":"${'AB'.repeat(32)}"`],
    ['a member that no entry has', '"mode":"run"', '"mode":"run","narrative":"x"'],
    ['an entry of 15 bytes', hex(19, 16), hex(19, 15)],
  ],
  erasure: [
    ['nothing to erase', `"what":["${hex(2)}","${hex(8)}"]`, '"what":[]'],
    ['digests out of order', `["${hex(2)}","${hex(8)}"]`, `["${hex(8)}","${hex(2)}"]`],
    ['a digest twice', `["${hex(2)}","${hex(8)}"]`, `["${hex(8)}","${hex(8)}"]`],
    ['no reason', '"reason":"it held a customer record"', '"reason":""'],
    ['place zero', '"seq":2', '"seq":0'],
    ['a time that is none', AT, '2026-02-30T09:30:00.000Z'],
  ],
  grant: [
    ['no bound on how often', '"uses":3', '"uses":0'],
    ['101 uses', '"uses":3', '"uses":101'],
    ['an end that is missing', ',"until":"2026-11-22T11:30:00.000Z"', ''],
    [
      'an end more than a day away',
      '"until":"2026-11-22T11:30:00.000Z"',
      '"until":"2026-11-23T09:30:00.001Z"',
    ],
    ['an end before its beginning', '"until":"2026-11-22T11:30', '"until":"2026-11-22T09:29'],
    ['a tier that takes more than a click', '"tier":"medium"', '"tier":"high"'],
    ['no action at all', '{"when":"context.program == \\"psql\\""}', '{}'],
    ['one action and a condition', '{"when":', `{"same":"${hex(20)}","when":`],
    ['a condition of two lines', 'context.program', 'context.\\nprogram'],
    ['for every agent', '"agent":"claude-code"', '"agent":"*"'],
  ],
  grantEnd: [
    ['no digest of the terms', `"terms":"${hex(21)}"`, '"terms":""'],
    ['place zero', '"seq":3', '"seq":0'],
    ['a time that is none', AT, '2026-02-30T09:30:00.000Z'],
  ],
  escalation: [
    ['nobody is asked', '"asked":["otto","maya"]', '"asked":[]'],
    ['step zero', '"step":2', '"step":0'],
    ['a step that no request gets to', '"step":2', '"step":201'],
    ['another reason', '"why":"unseen"', '"why":"because"'],
    ['a person outside the form', '"otto"', '"otto "'],
    ['a right', '"request":', '"mayDecide":true,"request":'],
    ['a time that is none', AT, '2026-02-30T09:30:00.000Z'],
  ],
  keyring: [
    ['solo as a number', '"solo":false', '"solo":0'],
    ['a threshold of nobody', '"threshold":1', '"threshold":0'],
    ['no roots', `"roots":[{"keyId":"${hex(10)}","spki":"${SPKI}"}]`, '"roots":[]'],
    ['a use that is none', '"use":"decision"', '"use":"root"'],
    ['an origin with a plus', '"origin":"log.acme.example/main"', '"origin":"log+acme"'],
  ],
  login: [
    ['a broker that logs in', '"role":"guard"', '"role":"broker"'],
    ['a nonce of 31 bytes', hex(16), hex(16, 31)],
    ['a version of two lines', '"clientVersion":"0.1.0"', '"clientVersion":"0.1.0\\n"'],
  ],
  welcome: [
    ['a session of 15 bytes', hex(18, 16), hex(18, 15)],
    ['one member too many', '"serverNonce"', '"role":"guard","serverNonce"'],
    ['a nonce in capitals', hex(15), 'AB'.repeat(32)],
  ],
};
