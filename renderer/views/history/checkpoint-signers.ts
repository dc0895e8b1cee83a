// The names under a checkpoint, as a C2SP signed note has them: lines that begin with an em dash. Only names: that their
// signatures hold is main's check, and what it found stands beside them.

export const signersOf = (checkpoint: string): readonly string[] =>
  checkpoint
    .split('\n')
    .map((line) => /^— (\S+) \S+$/.exec(line)?.[1])
    .filter((name) => name !== undefined);
