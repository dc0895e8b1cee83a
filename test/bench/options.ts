// The words after `npm run bench`, and where it prints.

export type Say = (line: string) => void;

export type Options = {
  /** Parts by their names; all where none is named. */
  readonly wants: (part: string) => boolean;
  readonly rounds: number;
  readonly entries: number;
};

export function optionsOf(argv: readonly string[]): Options {
  const option = (name: string): string | undefined =>
    argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const only = option('only')?.split(',');
  return {
    wants: (part) =>
      only === undefined || only.some((one) => part === one || part.startsWith(`${one}-`)),
    rounds: Number(option('rounds') ?? 9),
    entries: Number(option('entries') ?? 1_000_000),
  };
}
