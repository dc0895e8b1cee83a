// Every way in which the broker says no: who is at fault, whether to try again, and the close code where it hangs up.

type Row = {
  readonly fault: 'client' | 'broker';
  readonly retry: boolean;
  /** WebSocket close code (4000-4999: ours); absent where the connection stays. */
  readonly close?: number;
  readonly says: string;
};

export const WIRE_CODES = {
  badFrame: {
    fault: 'client',
    retry: false,
    close: 4000,
    says: 'that is not a message of this protocol',
  },
  badLogin: { fault: 'client', retry: false, close: 4001, says: 'the login was not accepted' },
  loginTimeout: { fault: 'client', retry: true, close: 4002, says: 'no login came in time' },
  tooMany: {
    fault: 'client',
    retry: true,
    close: 4003,
    says: 'too many connections are waiting to log in',
  },
  revoked: { fault: 'client', retry: false, close: 4004, says: 'this key is no longer valid' },
  stalled: { fault: 'client', retry: true, close: 4005, says: 'the connection did not keep up' },
  sessionOver: {
    fault: 'client',
    retry: true,
    close: 4006,
    says: 'the session has lasted its twelve hours',
  },
  shuttingDown: { fault: 'broker', retry: true, close: 4007, says: 'the broker is stopping' },
  badJoin: {
    fault: 'client',
    retry: false,
    close: 4008,
    says: 'that is not a request to join, or the keyring has another place for its keys',
  },
  wrongRole: { fault: 'client', retry: false, says: 'a key of this role may not send that' },
  badEnvelope: { fault: 'client', retry: false, says: 'the envelope is not well formed' },
  badStatement: { fault: 'client', retry: false, says: 'the statement is not well formed' },
  badSignature: { fault: 'client', retry: false, says: 'the signature does not fit' },
  unknownKey: {
    fault: 'client',
    retry: false,
    says: 'the keyring does not know this key for this use',
  },
  wrongGuard: {
    fault: 'client',
    retry: false,
    says: 'the request names another guard, log or organisation',
  },
  unknownRequest: { fault: 'client', retry: false, says: 'there is no such request' },
  notOpen: { fault: 'client', retry: false, says: 'the request is no longer open' },
  notYours: { fault: 'client', retry: false, says: 'this is not for you to decide, see or end' },
  expired: { fault: 'client', retry: false, says: 'the request has expired' },
  badChanges: {
    fault: 'client',
    retry: false,
    says: 'these changes are not of this request, or the request is not for what was proposed when its parent was denied',
  },
  duplicate: {
    fault: 'client',
    retry: false,
    says: 'another message with this id said something else',
  },
  alreadyDecided: {
    fault: 'client',
    retry: false,
    says: 'this reviewer has already decided this request',
  },
  badSequence: {
    fault: 'client',
    retry: false,
    says: "the decision does not follow this key's last one",
  },
  badPolicy: {
    fault: 'client',
    retry: false,
    says: 'policy says something else about this action than the request does',
  },
  policyMissing: {
    fault: 'client',
    retry: false,
    says: 'the broker does not have this policy, or the keyring does not pin it',
  },
  attachmentMissing: {
    fault: 'client',
    retry: false,
    says: 'an attachment was not sent or does not fit its digest',
  },
  tooLarge: { fault: 'client', retry: false, says: 'that is larger than the limit' },
  stillOpen: {
    fault: 'client',
    retry: false,
    says: 'the request is still open: its text can be erased once it has ended',
  },
  notErasable: {
    fault: 'client',
    retry: false,
    says: 'that is not a text of this request that can be erased, or it has been erased before',
  },
  badGrant: {
    fault: 'client',
    retry: false,
    says: 'the grant does not fit the request that it names, or its signer has not approved that',
  },
  notGranted: {
    fault: 'client',
    retry: false,
    says: 'there is no such grant, or it is over, ended or used up',
  },
  badKeyring: {
    fault: 'client',
    retry: false,
    says: 'the keyring does not follow the one in force',
  },
  tooManyQuestions: {
    fault: 'client',
    retry: true,
    says: 'policy lets this agent ask people only so often, and it has: nobody was asked',
  },
  busy: { fault: 'broker', retry: true, says: 'too much at once: try again shortly' },
  readOnly: {
    fault: 'broker',
    retry: true,
    says: 'the log does not agree with itself: the broker takes nothing new',
  },
  internal: { fault: 'broker', retry: true, says: 'the broker failed' },
} as const satisfies { readonly [code: string]: Row };

export type WireCode = keyof typeof WIRE_CODES;
export const WIRE_CODE_LIST = Object.keys(WIRE_CODES) as [WireCode, ...WireCode[]];
