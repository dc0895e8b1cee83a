// The words after `countersign join` and `countersign guard join`.

import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { Id } from '../../../shared/statement/fields.ts';
import { cleanText } from '../../../shared/statement/text.ts';
import type { Machine } from '../../hosts/processes/machine.ts';
import { says } from './words.ts';

export type JoinWords = {
  readonly invitation: string | undefined;
  readonly id: string;
  /** A person's; a guard has none. */
  readonly name: string;
  /** This machine: the reviewer's device, the guard's host. */
  readonly host: string;
  readonly agents: readonly string[];
  readonly org: string | undefined;
  readonly ca: string | undefined;
  readonly plainNetwork: boolean;
  readonly out: string | undefined;
  /** The person's join that waits, and its keys, are to go. */
  readonly giveUp: boolean;
};

const text = { type: 'string' } as const;
const BOTH = { org: text, ca: text, 'plain-network': { type: 'boolean' }, out: text } as const;

export function parseReviewerJoin(
  words: readonly string[],
  machine: Pick<Machine, 'account' | 'hostName'>,
): Result<JoinWords, 'usage'> {
  return attempt(says.usage, () => {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...BOTH, id: text, name: text, device: text, 'give-up': { type: 'boolean' } },
      allowPositionals: true,
    });
    const id = values.id ?? idFrom(machine.account);
    const name = values.name ?? (machine.account || id);
    const host = values.device ?? idFrom(machine.hostName);
    const giveUp = values['give-up'] ?? false;
    return { ...bothOf(values, positionals), id, name, host, agents: [], giveUp };
  });
}

export function parseGuardJoin(
  words: readonly string[],
  machine: Pick<Machine, 'hostName'>,
): Result<JoinWords, 'usage'> {
  return attempt(says.guardUsage, () => {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...BOTH, name: text, host: text, agents: text },
      allowPositionals: true,
    });
    const { name = '', host = machine.hostName, agents = '' } = values;
    const listed = agents === '' ? [] : agents.split(',');
    return { ...bothOf(values, positionals), id: name, name, host, agents: listed, giveUp: false };
  });
}

function attempt(usage: string, read: () => JoinWords | undefined): Result<JoinWords, 'usage'> {
  try {
    const given = read();
    if (given === undefined) return fail('usage', usage);
    const { id, name, host, agents, org } = given;
    const names = [id, ...agents, ...(org === undefined ? [] : [org])];
    const wrong = names.find((one) => !Id.safeParse(one).success);
    if (wrong !== undefined)
      return fail('usage', `${JSON.stringify(wrong)} is no plain name: ${usage}`);
    return cleanText(name) && cleanText(host) && host !== '' ? ok(given) : fail('usage', usage);
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    return fail('usage', `${said.charAt(0).toLowerCase()}${said.slice(1)}: ${usage}`);
  }
}

type Both = {
  readonly org?: string;
  readonly ca?: string;
  readonly 'plain-network'?: boolean;
  readonly out?: string;
};

function bothOf(values: Both, [invitation, ...more]: readonly string[]) {
  if (more.length > 0) throw new Error('one address');
  const { org, ca, out } = values;
  return { invitation, org, ca, plainNetwork: values['plain-network'] ?? false, out };
}

const idFrom = (name: string): string =>
  name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'me';
