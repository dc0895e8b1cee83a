// `keyring endpoint URL`: the broker has moved. Only the address changes: who may answer there is still for the keyring.

import { textOf } from '../../../shared/bytes.ts';
import { ok } from '../../../shared/result.ts';
import { mayDial } from '../../link/dial-socket.ts';
import { readEndpoint, writeEndpoint } from '../../state/endpoint.ts';
import { readPublicBytes } from '../../state/public-file.ts';
import { EXITS } from '../exits.ts';
import { heldHere } from './here.ts';
import type { Words } from './options.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

export function moveBroker(talk: Talk, { values, positionals }: Words): number {
  const [url = ''] = positionals;
  const here = heldHere(talk.machine);
  if (!here.ok) return talk.refuse(here.detail ?? words.notHere, EXITS.notConfigured);
  const before = readEndpoint(here.value.home);
  if (!before.ok) return talk.refuse(before.detail ?? before.code, EXITS.notConfigured);
  const pem = values.ca === undefined ? ok(undefined) : readPublicBytes(values.ca);
  if (!pem.ok) return talk.refuse(pem.detail ?? pem.code, EXITS.usage);
  const plainNetwork = values['plain-network'] ?? false;
  if (!/^wss?:\/\/[^\s/?#@]+\/?$/.test(url) || !mayDial({ url, plainNetwork }))
    return talk.refuse(`${url}: an address like wss://broker.example:8750`, EXITS.usage);
  const { keyring } = here.value.held;
  const { origin } = keyring.log;
  const live = keyring.brokers
    .flatMap(({ keys }) => keys)
    .filter(({ use, untilIndex }) => use === 'session' && untilIndex === undefined);
  // The one that it was, unless the keyring has ended it; the keyring decides in any case.
  const { brokerKeyId: was } = before.value;
  const brokerKeyId = live.some(({ keyId }) => keyId === was) ? was : (live[0]?.keyId ?? was);
  const ca = pem.value === undefined ? undefined : textOf(pem.value);
  const written = writeEndpoint(here.value.home, {
    url,
    origin,
    brokerKeyId,
    ...(ca === undefined ? {} : { ca }),
    ...(plainNetwork ? { plainNetwork } : {}),
  });
  if (!written.ok) return talk.refuse(written.detail ?? written.code, EXITS.notConfigured);
  talk.print(`the broker is at ${url}`);
  return 0;
}
