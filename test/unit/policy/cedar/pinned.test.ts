// Only bytes that hash to what the keyring pins are ever a policy, whoever hands them over.

import { expect, test } from 'vitest';
import { utf8 } from '../../../../shared/bytes.ts';
import { holdEverything } from '../../../../main/policy/policy.ts';
import { type Pinned, policyInForce, policyOf } from '../../../../main/policy/cedar/pinned.ts';
import { sha256Hex } from '../../../../main/trust/digest.ts';

const rule = utf8(
  '@id("a") permit (principal is Agent, action, resource) when { resource.environment == "lab" };',
);
const settings = utf8('{"version":1,"targets":[{"name":"l","hosts":["l"],"environment":"lab"}]}');
const [sha256, settingsSha256] = [sha256Hex(rule), sha256Hex(settings)];
const pinned: Pinned = { sha256, name: 'lab', settings: settingsSha256 };
const files = new Map([
  [sha256, rule],
  [settingsSha256, settings],
]);
const read = (digest: string) => files.get(digest);
const builtIn: Pinned = { sha256: holdEverything().sha256, name: 'hold-everything' };

test('the last that is pinned is in force, an earlier one still answers for its own requests', () => {
  const inForce = policyInForce([builtIn, pinned], read);
  expect(inForce.ok && inForce.value).toMatchObject({ name: 'lab', sha256 });
  const earlier = policyOf(builtIn.sha256, [builtIn, pinned], read);
  expect(earlier.ok && earlier.value.name).toBe('hold-everything');
  expect(policyOf('f'.repeat(64), [builtIn, pinned], read)).toMatchObject({ ok: false });
  expect(policyInForce([], read)).toMatchObject({ ok: false, code: 'policy' });
});

test('a policy that is pinned again with other settings means the newer ones, asked and answered', () => {
  const bare: Pinned = { sha256, name: 'lab' };
  const both = [bare, pinned];
  const [asked, answered] = [policyInForce(both, read), policyOf(sha256, both, read)];
  const facts = { hosts: ['l'] };
  expect(asked.ok && asked.value.labels(facts)).toMatchObject({ environment: 'lab' });
  expect(answered.ok && answered.value.labels(facts)).toMatchObject({ environment: 'lab' });
});

test.each([
  ['other bytes under its digest', () => utf8('// everything goes')],
  ['no bytes', () => undefined],
  ['other settings', (digest: string) => (digest === sha256 ? rule : utf8('{"version":1}'))],
  ['no settings', (digest: string) => (digest === sha256 ? rule : undefined)],
])('refuses %s', (_, from) => {
  expect(policyInForce([pinned], from)).toMatchObject({ ok: false, code: 'policy' });
});

test('refuses a pinned policy that is not valid, and says where', () => {
  const bad = utf8('\npermit (principal is Agent, action, resource);');
  const found = policyInForce([{ sha256: sha256Hex(bad), name: 'bad' }], () => bad);
  expect(found).toMatchObject({
    detail: 'the policy bad is not valid: line 2: this rule has no name',
  });
});
