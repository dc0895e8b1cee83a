// What a rule's condition talks about, read from Cedar's own JSON form of it: which attributes, compared with which words.

import type { PolicyJson } from './wasm.ts';

/** `context.now.weekday`; undefined where it is not a plain attribute of one of the four variables. */
export function pathOf(node: unknown): string | undefined {
  if (!isRecord(node)) return undefined;
  if (typeof node['Var'] === 'string') return node['Var'];
  const access = node['.'];
  if (!isRecord(access) || typeof access['attr'] !== 'string') return undefined;
  const left = pathOf(access['left']);
  return left === undefined ? undefined : `${left}.${access['attr']}`;
}

/** Every attribute path in the rule's conditions, each with its beginnings. */
export function pathsIn(policy: Pick<PolicyJson, 'conditions'>): ReadonlySet<string> {
  const found = new Set<string>();
  walk(
    policy.conditions.map((clause) => clause.body),
    (node) => {
      const path = pathOf(node);
      if (path !== undefined) found.add(path);
    },
  );
  return found;
}

export type Comparison = { readonly path: string; readonly word: string };

const COMPARES = ['==', '!=', 'contains', 'containsAny', 'containsAll', 'in'] as const;

/** Each attribute with each word that it is compared with, either way round. */
export function comparisonsIn(policy: Pick<PolicyJson, 'conditions'>): readonly Comparison[] {
  const found: Comparison[] = [];
  walk(
    policy.conditions.map((clause) => clause.body),
    (node) => {
      for (const operator of COMPARES) {
        const sides = node[operator];
        if (!isRecord(sides)) continue;
        const both = [sides['left'], sides['right']];
        const [path] = both.map(pathOf).filter((one) => one !== undefined);
        if (path !== undefined)
          for (const word of both.flatMap(wordsIn)) found.push({ path, word });
      }
    },
  );
  return found;
}

function wordsIn(node: unknown): readonly string[] {
  if (!isRecord(node)) return [];
  if (typeof node['Value'] === 'string') return [node['Value']];
  const set = node['Set'];
  return Array.isArray(set) ? set.flatMap(wordsIn) : [];
}

/** Which of the two questions the rule's head lets it be asked. */
export function asksOf(policy: PolicyJson): { readonly run: boolean; readonly approve: boolean } {
  const { principal, action, resource } = policy;
  const types = [typeIn(principal), typeIn(resource)];
  const ids = actionIds(action);
  const approve = ids === undefined || ids.includes('approve');
  const run = ids === undefined || ids.some((id) => id !== 'approve');
  return {
    run: run && !types.includes('Person') && !types.includes('Group') && !types.includes('Request'),
    approve: approve && !types.includes('Agent') && !types.includes('Target'),
  };
}

function typeIn(constraint: unknown): string | undefined {
  if (!isRecord(constraint)) return undefined;
  if (typeof constraint['entity_type'] === 'string') return constraint['entity_type'];
  const { entity } = constraint;
  return isRecord(entity) && typeof entity['type'] === 'string' ? entity['type'] : undefined;
}

function actionIds(constraint: PolicyJson['action']): readonly string[] | undefined {
  if (constraint.op === 'All') return undefined;
  const entities = 'entities' in constraint ? constraint.entities : [];
  const entity = 'entity' in constraint ? [constraint.entity] : [];
  return [...entities, ...entity].map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id));
}

/** `Group::"dba"` wherever it stands in the rule. */
export function groupsIn(policy: PolicyJson): readonly string[] {
  const found: string[] = [];
  walk([policy], (node) => {
    for (const uid of [node, node['__entity']])
      if (isRecord(uid) && uid['type'] === 'Group' && typeof uid['id'] === 'string')
        found.push(uid['id']);
  });
  return [...new Set(found)];
}

function walk(open: readonly unknown[], visit: (node: Record<string, unknown>) => void): void {
  const rest: unknown[] = [...open];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (Array.isArray(node)) rest.push(...(node as readonly unknown[]));
    else if (isRecord(node)) {
      visit(node);
      rest.push(...Object.values(node).filter((value) => value !== null));
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
