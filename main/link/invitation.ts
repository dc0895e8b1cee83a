// An invitation: where the broker is, and which roots the organisation has. `wss://host:port#<org>.<root set>`, the root
// set as 43 characters of base64url. It comes from an administrator by a way that the broker does not control, so what
// the broker says of the roots is compared with it and not believed.

import { fromB64, fromHex, toB64, toHex } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { Id } from '../../shared/statement/fields.ts';
import { type RootPin, rootSetOf } from '../trust/keyring.ts';

export type Invited = {
  readonly org: string;
  /** As `rootSetOf` gives it. */
  readonly rootSet: string;
};
export type Invitation = { readonly url: string; readonly invited: Invited | undefined };

export function formatInvitation(url: string, pin: RootPin): string {
  const digest = fromHex(rootSetOf(pin));
  invariant(digest, 'a digest is hex');
  const text = toB64(digest).replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
  return `${url.replace(/\/$/, '')}#${pin.org}.${text}`;
}

/** With or without what follows the `#`. */
export function parseInvitation(text: string): Result<Invitation, 'invitation'> {
  const [url = '', fragment, ...rest] = text.split('#');
  if (!/^wss?:\/\/[^\s/?#@]+\/?$/.test(url) || !URL.canParse(url) || rest.length > 0) {
    return fail('invitation', `${text}: not an address like wss://host:port`);
  }
  if (fragment === undefined) return ok({ url, invited: undefined });
  const [, org = '', digest = ''] = /^(.+)\.([A-Za-z0-9_-]{43})$/.exec(fragment) ?? [];
  const bytes = fromB64(`${digest.replaceAll('-', '+').replaceAll('_', '/')}=`);
  // Half an invitation is none: without its end the roots would be compared with nothing.
  if (!Id.safeParse(org).success || bytes?.length !== 32) {
    return fail('invitation', 'the invitation is not whole: what follows the # is missing a part');
  }
  return ok({ url, invited: { org, rootSet: toHex(bytes) } });
}
