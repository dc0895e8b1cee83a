// Every reason for which a guard refuses a decision, in the order of its checks (security note 2.5).
// One code per check: a test reaches exactly it, and a person reads exactly one sentence.

type Row = { readonly step: number; readonly says: string };

export const REFUSALS = {
  tooLarge: { step: 1, says: 'the decision is larger than a decision can be' },
  notCanonical: { step: 2, says: 'the decision is not in the one byte form that can be signed' },
  wrongType: { step: 3, says: 'the signed statement is not a decision' },
  signatureCount: { step: 4, says: 'the decision does not carry exactly one signature' },
  unknownKey: { step: 5, says: 'the decision is signed by a key that the keyring does not know' },
  wrongKeyUse: { step: 5, says: 'the decision is signed by a key that may not sign decisions' },
  keyNotValid: { step: 5, says: "the reviewer's key was not valid at this place in the log" },
  badSignature: { step: 6, says: 'the signature does not fit the decision' },
  badPayload: { step: 7, says: 'the signed bytes are not a canonical statement' },
  badSchema: {
    step: 7,
    says: 'the decision has members that a decision does not have, or lacks some',
  },
  wrongSigner: {
    step: 8,
    says: 'the decision names another reviewer, device or key than the one that signed',
  },
  otherRequest: { step: 9, says: 'the decision is about another request' },
  notPending: { step: 9, says: 'this guard is not waiting for a decision on that request' },
  alreadyUsed: { step: 9, says: 'the approval of this request has been used already' },
  viewDiffers: { step: 9, says: 'the reviewer was shown something else than this request' },
  policyDiffers: { step: 10, says: 'the decision was made under another policy' },
  keyringDiffers: { step: 10, says: 'the decision names a keyring that this guard does not hold' },
  keyringExpired: { step: 10, says: 'the keyring has expired: nobody can be trusted by it' },
  guardRevoked: { step: 10, says: "the keyring has ended this guard's own key" },
  notAllowed: { step: 11, says: 'policy does not let this reviewer decide this request' },
  ownAction: { step: 11, says: 'nobody approves their own action' },
  sameHost: { step: 11, says: "the approval came from the guard's own machine" },
  samePerson: { step: 11, says: 'two approvals by one person count once' },
  policyForbidsPerson: { step: 11, says: 'policy does not let this person approve this' },
  presenceTooWeak: { step: 12, says: 'the approval took a weaker gesture than its tier demands' },
  reasonMissing: { step: 12, says: 'an approval of this tier says why, and this one does not' },
  issuedOutside: {
    step: 13,
    says: "the reviewer's clock and the guard's differ by more than two minutes",
  },
  decisionExpired: { step: 13, says: 'the decision came after its own expiry' },
  requestExpired: { step: 13, says: 'the request had expired' },
  badCheckpoint: { step: 14, says: "the checkpoint is not signed by this organisation's log" },
  otherHistory: { step: 14, says: 'the log shows two histories: somebody has rewritten it' },
  notWitnessed: {
    step: 14,
    says: 'not enough people have confirmed that they see the same log, so it could be one that was made for this guard alone',
  },
  notInLog: { step: 15, says: 'there is no proof that the decision is in the log' },
  otherIndex: {
    step: 15,
    says: 'the places in the log claimed for the request and the decision contradict each other',
  },
  requestNotInLog: { step: 15, says: 'there is no proof that the request is in the log' },
  programChanged: { step: 16, says: 'the program changed after it was approved' },
  scriptChanged: { step: 16, says: 'the script changed after it was approved' },
  folderChanged: { step: 16, says: 'the working folder changed after it was approved' },
  environmentChanged: { step: 16, says: 'the environment changed after it was approved' },
  stdinChanged: { step: 16, says: 'the input changed after it was approved' },
  inputChanged: { step: 16, says: 'a declared input file changed after it was approved' },
  identityChanged: { step: 16, says: 'the account or its file mask changed after it was approved' },
  factsChanged: { step: 16, says: 'what policy looks at changed after it was approved' },
  policyForbids: { step: 16, says: 'policy no longer lets this run' },
  autosOwed: {
    step: 17,
    says: 'too much of what policy allowed is not in the log yet: nothing more runs unasked until the broker takes it',
  },
  consumeFailed: { step: 17, says: 'the approval could not be marked as used, so it was not used' },
} as const satisfies { readonly [code: string]: Row };

export type RefusalCode = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];
export const refusalSays = (code: RefusalCode): string => REFUSALS[code].says;
