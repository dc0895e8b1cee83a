// What `countersign keyring` says, and how it is asked. Root keys sign what is read here, so every line says whose key is
// meant by the eight words that people compare.

import type { LogEnd } from './log-end.ts';

export const KEYRING_USAGE = `usage: countersign keyring VERB
  key --out FILE                   make a root key: FILE stays with its owner under a passphrase, FILE.pub is for the rest
  init --org NAME --root FILE.pub... --threshold N --broker FILE --add-person FILE... --out DRAFT [--log NAME] [--days N]
                                   the first keyring of an organisation, as a draft
  propose [EDIT...] --out DRAFT [--from FILE] [--from-index N] [--days N]
                                   the next version, as a draft
  sign DRAFT --key FILE [--lower-threshold] [--new-log] [--publish]
                                   show what changes, then add one root key's signature
  show [FILE]                      who is who, in a keyring, a draft or this machine's own copy
  revoke --person ID | --guard ID | --device ID | --key ID, --why TEXT, --out DRAFT [--from FILE] [--from-index N]
                                   a draft that ends keys from an entry of the log on: where the log ends now, else from N
  take FILE...                     take complete keyrings here, by the chain: where the broker cannot bring them
  publish FILE                     send a complete keyring to the broker
  proposals                        who asks to join, with their words
  invite [FILE] [--url URL]        what somebody who is to join types
  endpoint URL [--ca FILE] [--plain-network]
                                   where the broker is now, for this machine

edits of propose:
  --add-person FILE  --add-guard FILE   from \`countersign join --out\` or \`countersign guard join --out\`
  --join ID                             somebody from \`keyring proposals\`
  --groups A,B  --agents A,B  --max-tier TIER     of those who are added
  --remove-person ID  --remove-guard ID           ends their keys
  --group ID=NAME  --remove-group ID  --member PERSON=A,B
  --owner AGENT=PERSON  --remove-owner AGENT
  --policy FILE  --remove-policy NAME             by the SHA-256 of the file's bytes
  --threshold N  --root FILE.pub...               how many root keys sign, and all of them anew
  --team                                          from solo to team
  --new-log --broker FILE --log NAME              the log begins again: the old one is lost or went back
  --renew                                         nothing but another 90 days
`;

export const words = {
  notHere: 'this machine is in no organisation yet',
  passphraseOf: (path: string): string => `passphrase of ${path}: `,
  newPassphrase: 'new passphrase for this root key (12 characters or more): ',
  again: 'the same again: ',
  notTheSame: 'these were not the same',
  tooShort: 'a passphrase has 12 characters or more',
  wrong: 'wrong passphrase, or the file was changed',
  noRoot: (path: string): string => `${path} is not a root key under a passphrase`,
  notARoot: 'this key is no root of this version or of the one before',
  twice: 'this key has signed this draft already',
  notSigned: (why: string): string => `not signed: ${why}`,
  left: 'nothing was signed',
  notTaken: 'the last of these keyrings is not in force here',
  nothingMade: 'nothing was made',
  drafted: (path: string): string => `draft written: ${path}`,
  beyond: (index: number, { size, says }: LogEnd): string =>
    `--from-index ${index}: the log has ${size} entries, and keys would go on until it has more (${says})`,
  asSaid: (index: number, known: LogEnd | undefined): string =>
    `keys end at entry ${index}, as --from-index says (${known?.says ?? 'how long the log is, is not known here'})`,
  complete: (path: string): string => `complete: ${path}`,
  published: (index: number): string => `published: entry ${index} of the log`,
  notPublished: (why: string): string => `not published: ${why}`,
  noneAsk: 'nobody asks to join, or this machine’s person is no administrator',
  compare: 'compare these words with the person, by voice, before they are let in',
} as const;
