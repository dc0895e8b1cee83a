// What a path says about an action: whether it leaves the working folder, is the system's, or holds secrets by the
// conventions of the programs that write it. Names only: nothing is looked up on a disk.

import { posix } from 'node:path';
import { can, type Findings, mark, unknown } from './findings.ts';
import type { Word } from './word.ts';

export type Use = 'r' | 'w' | 'd' | 'p' | 'x' | 'rw';

const HARMLESS = /^\/dev\/(null|zero|full|stdin|stdout|stderr|tty|u?random|fd\/\d+)$/;
const SCRATCH = /^\/(tmp|var\/tmp|dev\/shm)(\/|$)/;
const SYSTEM =
  /^\/(etc|usr|bin|sbin|lib|lib32|lib64|boot|dev|proc|sys|var|root|opt|run|srv|System|Library|Applications|private)(\/|$)/;
const WINDOWS_SYSTEM = /^[a-z]:\/(windows|program files|programdata)(\/|$)/i;
const HOME = /^(~[^/]*|\/home\/[^/]+|\/root|\/Users\/[^/]+|[A-Za-z]:\/Users\/[^/]+)(?:\/(.*))?$/;
/** Folders and files that keep keys, tokens and passwords. */
const SECRET_PARTS = new Set([
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.netrc',
  '_netrc',
  '.pgpass',
  '.my.cnf',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.vault-token',
  '.password-store',
  '.htpasswd',
  '.terraformrc',
  'shadow',
  'shadow-',
  'gshadow',
  'gshadow-',
  'sudoers',
  'sudoers.d',
  'secrets',
  'credentials',
  'credentials.json',
  'kubeconfig',
  'environ',
  'keychains',
  'master.key',
  'terraform.tfstate',
  'krb5.keytab',
  '.bash_history',
  '.zsh_history',
  '.psql_history',
  'authorized_keys',
]);
const SECRET_FILE =
  /^(id_(rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)|\.env(\..+)?|.+\.env|.+\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|tfstate))$/i;
/** What is written there is run later, by a shell, a scheduler, a service manager, git, or an agent's own runtime. */
const RUNS_LATER =
  /\/(\.git\/(hooks\/[^/]+|config)|\.(bash|zsh|k?sh)(rc|env|_profile|_login|_logout)|\.profile|\.zprofile|\.zlogin|\.vimrc|\.xinitrc|\.xprofile|\.ssh\/(rc|config|environment)|\.gitconfig|\.config\/autostart\/.*|\.claude\/settings[^/]*\.json|LaunchAgents\/.*|LaunchDaemons\/.*|(etc|lib|\.config)\/systemd\/.*|etc\/(cron[^/]*(\/.*)?|profile(\.d\/.*)?|ld\.so\.preload|rc\.local|init\.d\/.*|inittab)|spool\/cron\/.*)$/;
/** Who may log in, and as whom. */
const RIGHTS =
  /\/(\.ssh\/authorized_keys2?|etc\/(passwd|shadow|group|gshadow|sudoers(\.d\/.*)?|pam\.d\/.*|polkit-1\/.*|doas\.conf|hosts\.allow|ssh\/sshd_config.*))$/;
const EXAMPLE = /\.(pub|example|sample|template|dist)$/i;

export function path(found: Findings, word: Word, use: Use): void {
  const text = word.text.replaceAll('\\', '/');
  if (text === '' || text === '-' || HARMLESS.test(text)) return;
  if (found.pathsLeft-- <= 0) return unknown(found, 'tooMany');
  if (word.pattern) mark(found, 'wildcard');
  const home = HOME.exec(text);
  const full = home || found.cwd === undefined ? text : posix.resolve(found.cwd, text);
  if (HARMLESS.test(full)) return;
  if (/^(\/|[A-Za-z]:\/?)\**$/.test(full)) mark(found, 'rootPath');
  if (SYSTEM.test(full) || WINDOWS_SYSTEM.test(full) || /^\/\**$/.test(full)) {
    if (!SCRATCH.test(full) && !inside(found.cwd, full)) mark(found, 'systemPath');
  }
  const rest = HOME.exec(full)?.[2];
  if (rest?.startsWith('.')) mark(found, 'homeDot');
  if (secret(full)) {
    mark(found, 'secretPath');
    can(found, 'secret');
  }
  if (use !== 'r' && use !== 'x') {
    if (RUNS_LATER.test(full)) can(found, 'execute');
    if (RIGHTS.test(full)) can(found, 'permission');
  }
  if (inside(found.cwd, full) || SCRATCH.test(full)) return;
  mark(found, 'outside');
  if (use !== 'r' && use !== 'x') mark(found, 'writesOutside');
}

function inside(cwd: string | undefined, full: string): boolean {
  if (cwd === undefined || full.startsWith('~') || !full.startsWith('/')) return false;
  return full === cwd || full.startsWith(cwd.endsWith('/') ? cwd : `${cwd}/`);
}

function secret(full: string): boolean {
  const parts = full.split('/');
  const name = parts.at(-1) ?? '';
  if (EXAMPLE.test(name)) return false;
  return SECRET_FILE.test(name) || parts.some((part) => SECRET_PARTS.has(part.toLowerCase()));
}
