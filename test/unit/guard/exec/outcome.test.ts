import { expect, test } from 'vitest';
import {
  dieLike,
  exitStatus,
  type Mortal,
  type Outcome,
} from '../../../../main/guard/exec/outcome.ts';

test.each([
  [{ code: 0 }, 0],
  [{ code: 255 }, 255],
  [{ signal: 'SIGINT' }, 130],
  [{ signal: 'SIGKILL' }, 137],
  [{ signal: 'SIGTERM' }, 143],
] as const)('%j is status %i', (outcome, status) => {
  expect(exitStatus(outcome)).toBe(status);
});

function died(outcome: Outcome): string[] {
  const said: string[] = [];
  const self = {
    pid: 7,
    kill: (pid: number, signal: string) => said.push(`kill ${pid} ${signal}`) > 0,
    exit: (code: number) => said.push(`exit ${code}`),
    removeAllListeners: (name: string) => said.push(`free ${name}`),
  };
  // The four members that dieLike uses; a real process would be gone.
  dieLike(outcome, self as unknown as Mortal);
  return said;
}

test('a signal is raised again with nothing of ours in its way; the number is for where it does not kill', () => {
  expect(died({ signal: 'SIGINT' })).toEqual(['free SIGINT', 'kill 7 SIGINT', 'exit 130']);
  expect(died({ signal: 'SIGUSR1' })).toEqual(['exit 138']);
  expect(died({ signal: 'SIGPIPE' })).toEqual(['exit 141']);
  expect(died({ code: 3 })).toEqual(['exit 3']);
});
