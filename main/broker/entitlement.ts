// Which bodies a reviewer's app receives: of requests that its reviewer may decide or audit (spec: Who sees what).
// Every app gets every leaf; only the payload beside it is a question.

import { mayBeAsked } from '../../shared/domain/approval.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';

/** Members read every body and decide nothing by it. */
const AUDITORS = 'auditors';

type Reader = { readonly id: string; readonly groups: readonly string[] };

export const mayRead = (
  keyring: Pick<Keyring, 'solo'>,
  reviewer: Reader,
  request: Pick<Request, 'policy'>,
): boolean =>
  keyring.solo || mayBeAsked(request.policy.needs, reviewer) || reviewer.groups.includes(AUDITORS);

/** What is about a request whose own text was erased: nobody can tell any more who could have decided it. */
export const mayReadOfErased = (
  keyring: Pick<Keyring, 'solo'>,
  reviewer: Pick<Reader, 'groups'>,
): boolean => keyring.solo || reviewer.groups.includes(AUDITORS);
