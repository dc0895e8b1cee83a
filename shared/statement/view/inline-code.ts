// Finds a program text among the arguments: `sh -c`, `python -c`, `node -e`, also behind `sudo`, `env` and their kind.
// A warning, no verdict: what it misses is still shown in full.

const SHELLS = /^(ba|da|z|k|mk|a|fi|c|tc|r)?sh$|^(pwsh|powershell|cmd|busybox|toybox)(\.exe)?$/i;
const SHELL_FLAG = /^(-[a-z]*c[a-z]*|--command(=.*)?|\/[ck]|-enc(odedcommand)?)$/i;
const INTERPRETERS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(python|pypy)[0-9.]*$/i, /^-[a-zA-Z]*c/],
  [/^(perl)[0-9.]*$/i, /^-[a-zA-Z0-9]*[eE]/],
  [
    /^(ruby|lua|luajit|osascript|Rscript|R|elixir|erl|julia|scala|guile)[0-9.]*$/,
    /^-[a-zA-Z]*[eE]|^--eval/,
  ],
  [/^(node|nodejs|bun|deno|tsx)[0-9.]*$/i, /^(-[a-z]*[ep]|--eval(=.*)?|--print(=.*)?|eval)$/],
  [/^php[0-9.]*$/i, /^-[rBE]/],
  [/^(g|m|n)?awk$/, /^(?!-[fF])/],
];
const WRAPPERS =
  /^(sudo|doas|su|runuser|env|nohup|nice|ionice|timeout|time|xargs|setsid|stdbuf|chroot|unshare|nsenter|flock|watch|strace|ssh|docker|podman|kubectl|systemd-run|busybox|toybox|npx|find|parallel|script|expect)$/;

/** Options looked at after each program: more of them only cost time. */
const MAX_OPTIONS = 32;

const nameOf = (path: string): string => path.slice(path.search(/[^/\\]*$/)).replace(/\.exe$/i, '');

/** `argv` as text, `program` the path of what really starts. */
export function hasInlineCode(argv: readonly string[], program: string): boolean {
  const names = argv.map(nameOf);
  const wrapped = WRAPPERS.test(names[0] ?? '') || WRAPPERS.test(nameOf(program));
  return (
    takesCode(nameOf(program), argv, 1) ||
    names.some((name, i) => (i === 0 || wrapped) && takesCode(name, argv, i + 1))
  );
}

/** Whether one of the options before the first operand hands over code. */
function takesCode(name: string, argv: readonly string[], from: number): boolean {
  const flags = SHELLS.test(name)
    ? SHELL_FLAG
    : INTERPRETERS.find(([program]) => program.test(name))?.[1];
  if (!flags) return false;
  const rest = argv.slice(from, from + MAX_OPTIONS);
  for (const [i, word] of rest.entries()) {
    if (flags.test(word)) return true;
    // An operand ends the options; the word after an option may be its value.
    if (!/^[-/+]/.test(word) && !/^[-+]/.test(rest[i - 1] ?? '')) return false;
  }
  return false;
}
