// countersign-terms/1: the terms of a grant as the exact text that is on screen and whose digest is signed. Each member on
// a line of its own, in printable ASCII and tokens, so that two terms never give one text.

import { utf8 } from '../bytes.ts';
import type { GrantTerms } from './grant.ts';
import { escapeText } from './view/escape.ts';
import { lineOf } from './view/render.ts';

export const TERMS_RENDERER = 'countersign-terms/1';

export type TermsRow = { readonly label: string; readonly text: string };

export function termsRows(terms: GrantTerms): readonly TermsRow[] {
  const { actions, uses, perHour } = terms;
  return [
    { label: 'May act again unasked', text: `${terms.agent} for ${terms.onBehalfOf}` },
    { label: 'Through guard', text: terms.guard },
    'same' in actions
      ? { label: 'Exactly this action', text: `SHA-256 ${actions.same}` }
      : { label: 'Any action where', text: escapeText(actions.when, { ascii: true }) },
    {
      label: 'How often',
      text: `at most ${uses} in all, ${perHour === undefined ? 'no limit an hour' : `at most ${perHour} an hour`}`,
    },
    { label: 'From', text: terms.from },
    { label: 'Until', text: terms.until },
    { label: 'Up to tier', text: terms.tier },
    { label: 'Under policy', text: `SHA-256 ${terms.policy}` },
    { label: 'In', text: `${terms.org}, log ${terms.log}` },
  ];
}

export const termsText = (terms: GrantTerms): string =>
  termsRows(terms)
    .map(({ label, text }) => lineOf(label, text))
    .join('');

/** The bytes that are hashed. */
export const termsBytes = (terms: GrantTerms): Uint8Array => utf8(termsText(terms));
