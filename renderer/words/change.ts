// What the editor of a change, and a changed request's card, say.

import type { ChangesCode } from '../../shared/domain/changes.ts';
import { bytesSay } from './counts.ts';

export const CHANGE = {
  title: 'What should be asked instead',
  note: 'This denies the request. The guard measures what you propose anew and asks for it as a request of its own, which takes an approval like any other: yours counts once.',
  argument: (place: number): string => `Argument ${place}`,
  program: 'Argument 0, the program',
  text: 'The text of the call',
  kept: (bytes: number): string => `${bytesSay(bytes)}, stays as it is`,
  remove: (place: number): string => `Remove argument ${place}`,
  removeMark: 'Remove',
  add: 'Add an argument',
  keysArguments:
    'Enter adds an argument, Shift+Enter a new line in this one, Alt+Up and Alt+Down move it, Ctrl+Enter sends, Escape closes.',
  keysText: 'Ctrl+Enter sends, Escape closes.',
  difference: 'What would change',
  same: 'Nothing is changed yet.',
  why: 'Why, for the agent',
  send: 'Deny and propose this',
  cancel: 'Close',
  fault: 'Half a token: write it whole, like ⟦U+202E⟧, or take it away.',
} as const;

/** Why what is in the editor cannot be proposed. */
export const CHANGES_SAYS: { readonly [C in ChangesCode]: string } = {
  otherKind: 'This request cannot be changed.',
  sameAction: CHANGE.same,
  notHere: 'A long value is not one of this request.',
  notAWord: 'The program needs a name, and no argument can hold NUL or bytes that are not UTF-8.',
  notJson: 'The arguments of a tool must be JSON.',
  tooLarge: 'A proposal holds 5 KiB at most.',
};

export const CHANGED = {
  title: 'Changed from a denied request',
  fits: 'Somebody denied another request and proposed exactly this. Below is what differs from it.',
  unread:
    'It changes a denied request whose text is not on this machine, so what differs can’t be shown. Decide it by its own text.',
  other:
    'It says that it changes a denied request, and nobody proposed this then. It can only be denied.',
  parent: 'The denied request',
  proposed: 'What was proposed instead',
  child: 'What was asked then',
  gone: 'Was:',
  fresh: 'Is:',
} as const;
