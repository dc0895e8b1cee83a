// The home of a process that runs the app: found, checked, made where it is not there. Refused in one sentence (exit 78).

import type { Result } from '../../../shared/result.ts';
import { type Home, type HomeCode, openHome, stateHome } from '../../state/home.ts';
import type { Machine } from './machine.ts';

export function startHome({
  env,
  platform,
  homedir,
  uid,
}: Machine): Result<Home, HomeCode | 'notAbsolute'> {
  const root = stateHome(env, platform, homedir);
  return root.ok ? openHome(root.value, { uid, create: true }) : root;
}
