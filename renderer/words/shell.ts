// What stands around every screen: names, buttons, the key dialog.

export const APP_NAME = 'Countersign';

export const SCREEN_NAME = {
  desk: 'Desk',
  granted: 'Granted',
  history: 'History',
  settings: 'Settings',
} as const;

export const SHELL = {
  screens: 'Screens',
  lock: 'Lock',
  lockKey: 'Lock the key',
  lockUntil: (at: string): string => `Lock the key, open until ${at}`,
  unlock: 'Unlock',
  keys: 'Keys',
  keysLabel: 'Keys and help',
  close: 'Close',
  loading: 'Loading',
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected: press Ctrl+C',
} as const;
