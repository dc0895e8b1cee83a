// The name that a person types, as the list shows it.

import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { invariant } from '../../../shared/result.ts';

export function target(row: RequestSummary | undefined): string {
  invariant(row, 'the request is listed');
  return row.target;
}
