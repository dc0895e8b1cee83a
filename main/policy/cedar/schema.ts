// The one Cedar schema with its two questions: may this action run (an Agent, one of the four kinds, a Target), and may
// this person decide it (a Person, `approve`, a Request). Made from the table of facts, so that neither can drift.

import { CHECK_NAMES } from '../../../shared/domain/policy.ts';
import { MEMBERS } from './members.ts';

/** The actions that an agent may ask for. */
export const RUN_ACTIONS = ['exec', 'http', 'mcp', 'tool'] as const;
export const APPROVE = 'approve';

const facts = Object.entries(MEMBERS)
  .filter(([, member]) => member.label !== true)
  .map(([name, member]) => `  ${name}: ${member.type},`)
  .join('\n');

const checks = CHECK_NAMES.map((name) => `  ${name}: Check,`).join('\n');

/** Everything a rule can name. `countersign policy check` reads names from it for its hints. */
export const SCHEMA = `entity Group;
entity Person in [Group];
entity Agent { owner: String, authn: String };
entity Target { environment: String, environments: Set<String>, dataClass: String };
entity Request {
  tier: String, agent: String, owner: String,
  environment: String, dataClass: String, capabilities: Set<String>,
};
type Check = { passed: Bool, failed: Bool, applies: Bool };
type Checks = {
${checks}
};
type Now = { at: datetime, hour: Long, minute: Long, weekday: String, date: String };
type Run = {
  approved: Bool,
  now: Now,
  checks: Checks,
  guard: { host: String, mode: String },
${facts}
};
type Decide = { now: Now, sameHost: Bool, ownAction: Bool, solo: Bool };
action ${RUN_ACTIONS.map((name) => `"${name}"`).join(', ')}
  appliesTo { principal: Agent, resource: Target, context: Run };
action "${APPROVE}" appliesTo { principal: Person, resource: Request, context: Decide };
`;
