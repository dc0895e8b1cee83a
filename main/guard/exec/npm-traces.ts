// What `npm run`, `npx` and `npm exec` put into an environment, found by running npm 11.19.1 and reading its sources
// (@npmcli/run-script lib/set-path.js and lib/make-spawn-args.js, @npmcli/config lib/set-envs.js). The person who
// typed `npx countersign run` did not set these, so they neither pick the program nor reach it.

/** Set to npm's own values in every child, whatever they were before. */
const OVERWRITTEN = ['INIT_CWD', 'NODE', 'COLOR'];
/** What npm writes into EDITOR when neither EDITOR nor VISUAL was set. */
const DEFAULT_EDITOR = /^(vi|.*\\notepad\.exe)$/i;

/** True in a process that npm started. */
export const throughNpm = (env: NodeJS.ProcessEnv): boolean => env['npm_execpath'] !== undefined;

/** A copy of `env` without anything that npm added. Without npm's marks only a PATH that carries them changes. */
export function withoutNpm(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): NodeJS.ProcessEnv {
  const npm = throughNpm(env);
  const out: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    if (/^npm_/i.test(name)) continue;
    if (npm && OVERWRITTEN.includes(name)) continue;
    if (npm && name === 'EDITOR' && DEFAULT_EDITOR.test(value ?? '')) continue;
    if (npm && name === 'NODE_OPTIONS' && value === env['npm_config_node_options']) continue;
    out[name] = /^path$/i.test(name) && value !== undefined ? strippedPath(value, platform) : value;
  }
  return out;
}

/**
 * npm puts in front: `<folder>/node_modules/.bin` for each folder up to the root, then its own node-gyp-bin. That
 * last entry is the mark: the run of `.bin` entries before it is npm's, one after it is the person's own. An npm
 * started by an npm leaves two such blocks.
 */
export function strippedPath(path: string, platform: NodeJS.Platform): string {
  const separator = platform === 'win32' ? ';' : ':';
  const kept: string[] = [];
  for (const entry of path.split(separator)) {
    if (!/@npmcli[\\/]run-script[\\/]lib[\\/]node-gyp-bin[\\/]?$/.test(entry)) kept.push(entry);
    else while (/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(kept.at(-1) ?? '')) kept.pop();
  }
  return kept.join(separator);
}
