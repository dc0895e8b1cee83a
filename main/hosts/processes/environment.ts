// What a process of ours inherits: by allow-list, so that neither npm's additions nor NODE_OPTIONS, LD_PRELOAD and their
// kind reach a process that holds keys. Everything it needs beyond that stands in its arguments.

const KEPT = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  // Windows: without these no socket and no temporary folder.
  'SYSTEMROOT',
  'WINDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'LOCALAPPDATA',
  'APPDATA',
];

/** For what shows a window: the session that the person is in. */
const SESSION = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'DBUS_SESSION_BUS_ADDRESS',
  'DESKTOP_SESSION',
  'BROWSER',
];

type Env = { readonly [name: string]: string | undefined };

export const childEnvironment = (env: Env): NodeJS.ProcessEnv =>
  chosen(env, (name) => KEPT.includes(name) || name.startsWith('LC_'));

export const desktopEnvironment = (env: Env): NodeJS.ProcessEnv =>
  chosen(
    env,
    (name) =>
      KEPT.includes(name) ||
      SESSION.includes(name) ||
      name.startsWith('LC_') ||
      name.startsWith('XDG_') ||
      /^(KDE|GNOME)_/.test(name),
  );

/** PATH loses the folders that npm put in front: what they hold is the project's, not the system's. */
function chosen(env: Env, keep: (name: string) => boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && keep(name.toUpperCase()),
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name.toUpperCase() === 'PATH' ? withoutNpm(value) : value]),
  );
}

const withoutNpm = (path = ''): string => {
  const separator = process.platform === 'win32' ? ';' : ':';
  return path
    .split(separator)
    .filter((folder) => !/[\\/]node_modules[\\/]/.test(`${folder}/`))
    .join(separator);
};
