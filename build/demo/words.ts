// Every word that the demo prints, wrapped by hand for 80 columns. No colour: what matters is in the words and the
// indentation. What `countersign run` and the actions themselves print stands between these lines, untouched.

import type { Seen, StepId } from './step.ts';

export const USAGE = `usage: npm run demo [-- OPTION...]
  --list          what there is
  --only N[,N]    just these, by number or name
  --keep          leave the scratch folder when it is over
  --help
`;

export const intro = (count: number): string => `
Countersign holds an agent's privileged action until a person says yes.
${count === 1 ? 'Here comes one real action in a scratch folder. It' : `Here come ${count} real actions in a scratch folder. Each`} is asked through the
real \`countersign run\`, and nothing happens before you decide. Approve or deny
as you like: the demo then looks at what really happened. Ctrl-C ends it.
`;

export const scratch = (path: string): string => `Scratch:  ${path}`;
export const kept = (path: string): string => `The scratch folder stays: ${path}`;
export const removed = 'The scratch folder is gone.';

export const badStep = (name: string, names: readonly string[]): string =>
  `no action ${JSON.stringify(name)}: ${names.join(', ')}`;

export const app = {
  starting: 'No app is running here: the demo starts one, and stops it at the end.',
  notHere: 'the app could not be started: try `npm start` by itself',
  setUp: `
First run: this machine has no keys yet. Choose a passphrase in the window; the
demo goes on by itself. No window? Ctrl-C, then \`npm start\`, which asks here.`,
  ready: 'Ready. Keep the window in view.',
} as const;

export const listed = (n: number, id: StepId, title: string): string =>
  `  ${n}  ${id.padEnd(12)}  ${title}`;

export const heading = (n: number, of: number, title: string): string => {
  const text = `${n} of ${of}  ${title}`;
  return `\n${text}\n${'-'.repeat(text.length)}`;
};
export const about = (lines: readonly string[]): string =>
  `${lines.map((line) => `  ${line}`).join('\n')}\n`;
export const decideNow = (command: string): string =>
  `  Decide in the window, or in another terminal:\n  ${command} review\n`;

const SEEN: Readonly<Record<Seen['what'], string>> = {
  happened: 'It happened.',
  didNot: 'It did not happen.',
  half: 'It happened in part.',
};
export const seen = (what: Seen['what'], lines: readonly string[]): string =>
  `\n  ${SEEN[what]}\n${lines.map((line) => `  ${line}`).join('\n')}`;
export const skipped = (n: number, title: string, why: string): string =>
  `\n${n}: ${title}: skipped, ${why}`;

export const ending = {
  nobody: '\nNobody decided, or the broker was away. The rest was not asked.',
  trouble: '\nThe command line could not ask. The rest was not asked.',
  stopped: '\nStopped. What was being asked is withdrawn.',
} as const;

export const failed = (exit: number): string => `  The program itself ended with code ${exit}.`;
export const contradiction = (exit: number): string =>
  `\n  THIS SHOULD NOT BE: exit code ${exit} says otherwise. Please report it.`;

export const recordHead = '\nThe record\n----------\n  Every step is in the log, newest last:\n';
export const recordCheck = '\n  And this machine can check all of it:\n';
export const recordMore = (command: string): string => `
  See it again:
  ${command} log
  ${command} log verify
`;
export const enterToStop = 'Look around in the window. Enter stops the app that the demo started: ';

export const noGit = 'git was not found';
export const oldGit = (why: string): string => `git would not prepare it (${why})`;

const rows = (count: number, of: string): string => `${count} ${of}${count === 1 ? '' : 's'}`;

export const push = {
  title: 'A force-push that rewrites main',
  about: [
    'An agent wants to replace the main branch of a shared git remote. The last',
    'three commits there, by two colleagues, would be gone.',
  ],
  reason: 'Clean up the history before the release',
  done: (before: string, after: string, count: number, was: number) => [
    `The remote's main went from ${before} (${rows(was, 'commit')})`,
    `                         to ${after} (${rows(count, 'commit')}).`,
  ],
  not: (sha: string, count: number) => [
    `The remote's main is still ${sha} (${rows(count, 'commit')}).`,
  ],
};

export const exporting = {
  title: 'An export of the customers table',
  about: [
    'An agent wants every customer, with e-mail addresses, in a file that can be',
    'carried away.',
  ],
  reason: 'The newsletter tool needs the addresses',
  done: (path: string, count: number) => [`${path} now holds ${rows(count, 'customer')}.`],
  not: (path: string, count: number) => [
    `There is no ${path}; ${rows(count, 'customer')} stayed in the database.`,
  ],
  some: (path: string, count: number, all: number) => [
    `${path} holds ${count} of ${rows(all, 'customer')}.`,
  ],
};

export const rotation = {
  title: 'A key rotation',
  about: [
    'An agent wants to replace the signing key of the billing service, and to',
    'revoke the old one in the registry. Whoever still holds the old one is out.',
  ],
  reason: 'The billing key is 400 days old; the limit is 365',
  done: (before: string, after: string) => [
    `billing signs with ${after} now, and the registry accepts that.`,
    `The old key ${before} is revoked.`,
  ],
  not: (key: string) => [`billing still signs with ${key}, and the registry accepts that.`],
  some: (key: string) => [`billing signs with ${key}, and the registry does not agree.`],
};

export const drop = {
  title: 'A table drop',
  about: [
    'An agent wants to drop the orders table of the same database. Nobody has',
    'asked whether there is a backup.',
  ],
  reason: 'The disk is nearly full and orders looks unused',
  done: (count: number) => [`The orders table is gone, with its ${rows(count, 'row')}.`],
  not: (count: number) => [`The orders table is still there, with ${rows(count, 'row')}.`],
  some: (count: number, was: number) => [`orders has ${count} rows now, and had ${was}.`],
};
