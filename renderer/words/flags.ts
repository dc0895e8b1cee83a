// The view's warnings in plain words, and the names of its sections. Total over the renderer's closed lists.

import type { ViewFlag } from '../../shared/statement/view/flags.ts';
import type { SectionId } from '../../shared/statement/view/part.ts';

export const FLAG_SAYS: { readonly [F in ViewFlag]: string } = {
  notUtf8: 'Has bytes that are not text.',
  control: 'Has control characters.',
  bidi: 'Has characters that reverse the direction of text.',
  invisible: 'Has characters that would be invisible.',
  unassigned: 'Has characters without a known meaning.',
  combining: 'Has marks that could disguise a letter.',
  spaceRun: 'Has a long run of spaces.',
  ownMarks: 'Has the same marks that this card uses itself.',
  rightToLeft: 'Has letters that run from right to left.',
  nonAsciiCritical: 'A name or path here is not plain ASCII.',
  mixedScript: 'One word mixes letters of several scripts.',
  lookalike: 'Has letters that only look like plain ones.',
  multiline: 'Runs over several lines.',
  longValue: 'Is longer than 4 KiB.',
  shellInline: 'The arguments contain a program of their own.',
  liveStdin: 'What comes on standard input is not part of your approval.',
  textOnly: 'Only the text of this call is bound. What it then does is not.',
  punycodeHost: 'The host name is in punycode.',
  tooMuch: 'More to read than one person can be asked to. It can only be denied.',
};

export const SECTION_NAME: { readonly [S in SectionId]: string } = {
  action: 'Exactly what will run',
  why: 'Why, for whom, where, until when',
  who: 'What the agent says about it',
  where: 'Surroundings',
  rules: 'Rules and checks',
  record: 'Record',
};

export const AGENTS_WORDS = 'The agent’s own words. Nobody has checked them.';
