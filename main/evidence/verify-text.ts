// VERIFY.md: the same checks with stock programs, for whoever does not want ours. The blocks are pasted one after the other
// into one POSIX shell in the bundle's folder, without `set -e`: each says what does not fit, and the last has the verdict.

import { payloadTypeOf } from '../../shared/statement/statement.ts';
import type { Book } from './book.ts';
import type { Files } from './zip.ts';

export function verifyText({ selection, head }: Book, files: Files): string {
  const has = (start: string, end = ''): boolean =>
    [...files.keys()].some((path) => path.startsWith(start) && path.endsWith(end));
  const { from, to, request } = selection;
  const range = `entries ${from} to ${to} of a log of ${head.size}`;
  return [
    TOP,
    `This bundle has ${request === undefined ? range : `what is about request \`${request}\` in ${range}`} (\`${head.origin}\`).`,
    FIRST,
    ...(has('decisions/')
      ? [SIGNATURES]
      : ['There is no decision here whose signature could be checked.']),
    ...(has('entries/', '/payload.json') ? [TEXTS] : []),
    ...(has('views/') && has('decisions/') ? [VIEWS] : []),
    VERDICT,
    LAST,
  ].join('\n\n');
}

const TOP = `# How to verify this

\`\`\`
node verify.mjs THIS-ZIP-OR-FOLDER --roots ROOT-SET-OR-FILE
\`\`\`

checks everything without a network. Take \`verify.mjs\` from a release of Countersign or build it from its sources
(\`npm run build\` makes \`out/verify.mjs\`), and the root set from an administrator: not from whoever gave you this.
\`countersign verify\` is the same. What follows needs only a shell, \`sha256sum\` and OpenSSL 3, in the unpacked folder.`;

const FIRST = `## The files are whole

Paste the blocks one after the other into one shell. What does not fit is said in a line that begins with \`WRONG:\`, and the
last block has the verdict.

\`\`\`sh
bad=0
wrong() { echo "WRONG: $1"; bad=$((bad + 1)); }
sha256sum --quiet -c SHA256SUMS || wrong SHA256SUMS
[ "$(find . -type f | wc -l)" -eq "$(($(wc -l < SHA256SUMS) + 1))" ] || wrong "the number of files"
\`\`\``;

const TYPE = payloadTypeOf('decision');

const SIGNATURES = `## Each decision is signed by the key beside it

\`\`\`sh
for d in decisions/*; do
  openssl pkeyutl -verify -pubin -inkey "$d/key.pem" -rawin -in "$d/pae.bin" -sigfile "$d/sig.bin" \\
    > /dev/null 2>&1 || wrong "$d/sig.bin"
done
\`\`\`

What was signed is the entry's own text, in the form that DSSE gives it:

\`\`\`sh
for file in entries/*-decision/payload.json; do
  sum=$(sha256sum < "$file" | cut -c 1-64)
  { printf 'DSSEv1 ${TYPE.length} ${TYPE} %d ' "$(wc -c < "$file")"; cat "$file"; } |
    cmp -s - "decisions/$sum/pae.bin" || wrong "$file"
done
\`\`\`

The key is the one that the text names, and that a keyring (\`entries/*-keyring/payload.json\`) gives to a person:

\`\`\`sh
for d in decisions/*; do
  id=$(openssl pkey -pubin -in "$d/key.pem" -outform DER 2> /dev/null | sha256sum | cut -c 1-64)
  grep -q "\\"keyId\\":\\"$id\\"" "$d/pae.bin" || wrong "$d/key.pem"
  grep -q "\\"keyId\\":\\"$id\\"" entries/*-keyring/payload.json || wrong "$d/key.pem (in no keyring)"
done
\`\`\``;

const TEXTS = `## Each text is the one whose digest the log has

\`\`\`sh
for file in entries/*/payload.json; do
  sum=$(sha256sum < "$file" | cut -c 1-64)
  grep -q "\\"payloadSha256\\":\\"$sum\\"" "$(dirname "$file")/leaf.json" || wrong "$file"
done
\`\`\``;

const VIEWS = `## Each decision is about the text that was on screen

\`\`\`sh
for view in views/*.txt; do
  sum=$(sha256sum < "$view" | cut -c 1-64)
  request=$(basename "$view" .txt)
  for d in decisions/*; do
    if grep -q "\\"request\\":\\"$request\\"" "$d/pae.bin"; then
      grep -q "\\"sha256\\":\\"$sum\\"" "$d/pae.bin" || wrong "$view"
    fi
  done
done
\`\`\``;

const VERDICT = `## The verdict of these commands

\`\`\`sh
if [ "\${bad-}" = 0 ]; then echo "everything fits"; else echo "WRONG: \${bad:-the first block was not run}"; false; fi
\`\`\``;

const LAST = `## What these commands leave open

That the view is what the request says, that the keyrings are the organisation's, who was needed for an approval, and the
place of each entry: \`verify.mjs\` checks these. \`checkpoint.txt\` and the \`.tlog-proof\` files are C2SP tlog-checkpoint and
tlog-proof, for any other program that reads those; the log's key is in the keyrings (\`log.vkey\`). The leaf that the tree hashes is
\`leaf.json\`, with one zero byte before it (RFC 6962).
`;
