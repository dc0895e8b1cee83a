// The words after `countersign broker`, parsed. Beyond loopback it takes a certificate or the flag that says what its
// absence means.

import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../shared/result.ts';
import { Id } from '../../shared/statement/fields.ts';
import { type Listen, whyExposed } from './server.ts';

export const BROKER_USAGE = `usage: broker --home DIR [--listen HOST:PORT]... [--tls-cert FILE --tls-key FILE] [--name HOST]...
              [--plain-network] [--rota FILE] [--keyring FILE] [--parent-pipe]
       broker --init --home DIR [--id NAME] [--out FILE]`;

export type BrokerFlags = {
  readonly home: string;
  readonly listen: readonly Listen[];
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly plainNetwork: boolean;
  /** Absent: `rota.json` in the broker's folder, where there is one. */
  readonly rota: string | undefined;
  readonly names: readonly string[];
  /** The organisation's first keyring, taken once. */
  readonly keyring: string | undefined;
  readonly init: boolean;
  readonly id: string;
  readonly out: string | undefined;
  readonly parentPipe: boolean;
};

/** 'usage', with one sentence. */
export function parseBrokerFlags(argv: readonly string[]): Result<BrokerFlags, 'usage'> {
  const parsed = parseWords([...argv]);
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const { home, id = 'broker' } = values;
  const tlsCert = values['tls-cert'];
  const tlsKey = values['tls-key'];
  if (home === undefined) return fail('usage', '--home is missing');
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    return fail('usage', '--tls-cert and --tls-key belong together');
  if (!Id.safeParse(id).success) return fail('usage', `--id ${id}: one plain word`);
  const wanted = values.listen ?? [`${values.host ?? '127.0.0.1'}:${values.port ?? '0'}`];
  const listen = wanted.map(addressOf);
  const wrong = wanted.find((_, i) => listen[i] === undefined);
  if (wrong !== undefined) return fail('usage', `--listen ${wrong}: an address like 10.0.0.5:8750`);
  const addresses = listen.filter((one) => one !== undefined);
  const plainNetwork = values['plain-network'] ?? false;
  // Before anything is written: the corrected words must find things as these did.
  const exposed = tlsCert === undefined && !plainNetwork ? whyExposed(addresses) : undefined;
  if (exposed !== undefined && values.init !== true) return fail('usage', exposed);
  return ok({
    home,
    listen: addresses,
    tlsCert,
    tlsKey,
    plainNetwork,
    rota: values.rota,
    names: values.name ?? [],
    keyring: values.keyring,
    init: values.init ?? false,
    id,
    out: values.out,
    parentPipe: values['parent-pipe'] ?? false,
  });
}

function parseWords(args: string[]) {
  try {
    return ok(
      parseArgs({
        args,
        options: {
          home: { type: 'string' },
          host: { type: 'string' },
          port: { type: 'string' },
          listen: { type: 'string', multiple: true },
          'tls-cert': { type: 'string' },
          'tls-key': { type: 'string' },
          'plain-network': { type: 'boolean' },
          rota: { type: 'string' },
          name: { type: 'string', multiple: true },
          keyring: { type: 'string' },
          init: { type: 'boolean' },
          id: { type: 'string' },
          out: { type: 'string' },
          'parent-pipe': { type: 'boolean' },
        },
      }),
    );
  } catch (error) {
    // parseArgs throws for a flag it does not know; its first sentence says which.
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    return fail('usage', said.charAt(0).toLowerCase() + said.slice(1));
  }
}

/** `host:port`, `[::1]:port`, and `::1:port` as `--host` and `--port` make it. */
function addressOf(text: string): Listen | undefined {
  const [, host = '', digits = ''] = /^\[?([^[\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return host === '' || digits === '' || port > 65_535 ? undefined : { host, port };
}
