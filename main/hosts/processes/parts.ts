// What every host starts below its surface, in this order: the store's process, the broker's, the app over both. Stopping
// is the caller's, by the `Stops` it hands in. Every failure is one sentence.

import { join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { AppPorts, ReviewerApp } from '../../app/compose.ts';
import { openDataKey } from '../../app/body-key.ts';
import type { StartProcess } from '../../app/own-process.ts';
import type { Journal, Notifier, Surface, Vault } from '../../app/ports.ts';
import { openStoreProcess } from '../../app/store/client.ts';
import type { Home } from '../../state/home.ts';
import { brokerProcess } from './broker-process.ts';
import { childEnvironment } from './environment.ts';
import type { Machine } from './machine.ts';
import type { Stops } from './stopping.ts';

export type Compose = (ports: AppPorts) => ReviewerApp;

export async function startParts(options: {
  readonly machine: Machine;
  readonly home: Home;
  readonly compose: Compose;
  readonly surface: Surface;
  readonly notifier?: Notifier | undefined;
  /** How the store and the broker are started; each a Node of its own where nothing else is said. */
  readonly start?: StartProcess | undefined;
  /** The computer's key store, where this host reaches one. */
  readonly vault?: Vault | undefined;
  readonly journal: Journal;
  readonly stops: Stops;
}): Promise<Result<ReviewerApp, 'store' | 'app'>> {
  const { machine, home, compose, surface, notifier, start, vault, journal, stops } = options;
  const { clock, timers, random, version, hostName, account, execPath, files } = machine;
  const env = childEnvironment(machine.env);
  const path = join(home.app, 'replica.db');
  const key = await openDataKey(home, vault, random);
  if (!key.ok) return fail('store', key.detail);
  const opened = await openStoreProcess({
    entry: files.store,
    path,
    env,
    execPath,
    start,
    key: key.value,
  });
  if (!opened.ok) return fail('store', opened.detail);
  const { store, lost, mended } = opened.value;
  if (mended !== undefined) journal.note(mended);
  stops.add('the store', store.close);
  void lost.then((sentence) =>
    journal.note(`${sentence}: nothing can be approved until a restart`),
  );
  const broker = brokerProcess({
    entry: files.broker,
    home: home.root,
    env,
    execPath,
    start,
    clock,
    timers,
    journal,
  });
  stops.add('the broker', broker.stop);
  const ports = { clock, timers, random, store, broker, surface, journal, home };
  const shows = notifier === undefined ? {} : { notifier };
  const app = compose({ ...ports, ...shows, version, hostName, account });
  stops.add('the app', app.stop);
  try {
    await app.start();
  } catch (error) {
    return fail('app', error instanceof Error ? error.message : String(error));
  }
  return ok(app);
}
