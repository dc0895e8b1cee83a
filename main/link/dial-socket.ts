// The socket that everything here dials with: our subprotocol and limits, no redirects, no compression. TLS 1.3 at least;
// an authority of the organisation's own counts beside the system's. Plain text stays on this machine unless the person
// who set it up has said otherwise.

import * as tls from 'node:tls';
import { WebSocket } from 'ws';
import { toHex } from '../../shared/bytes.ts';
import { LIMITS, SUBPROTOCOL } from '../../shared/protocol/limits.ts';

export type Address = {
  readonly url: string;
  /** PEM of an authority that is trusted for this address, beside the system's. */
  readonly ca?: string | undefined;
  /** Whoever set this up accepted that others on the network can read along. */
  readonly plainNetwork?: boolean | undefined;
};

export function dialSocket({ url, ca }: Address): WebSocket {
  // Not a literal argument: ws 8.23 knows `closeTimeout`, its types do not.
  const options = {
    perMessageDeflate: false,
    maxPayload: LIMITS.maxFrameBytes,
    maxFragments: LIMITS.maxFragments,
    maxBufferedChunks: LIMITS.maxBufferedChunks,
    followRedirects: false,
    closeTimeout: 1_000,
    minVersion: 'TLSv1.3' as const,
    ...(ca === undefined ? {} : { ca: [...systemAuthorities(), ca] }),
  };
  return new WebSocket(url, SUBPROTOCOL, options);
}

/** An older runtime has no such list by name, and only the one that it brought. */
const systemAuthorities = (): readonly string[] => {
  // Its types are of a newer runtime than some that this runs on.
  const { getCACertificates } = tls as Partial<typeof tls>;
  return getCACertificates?.('default') ?? tls.rootCertificates;
};

/** `wss:`, and `ws:` to a loopback address or where `plainNetwork` was accepted. */
export function mayDial({ url, plainNetwork }: Address): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hash } = new URL(url);
  if (hash !== '') return false;
  if (protocol === 'wss:') return true;
  return protocol === 'ws:' && (plainNetwork === true || isLoopback(url));
}

export const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);

/** RFC 9266, `tls-exporter`: 32 bytes, empty context, in hex; `none` where there is no TLS 1.3. */
export function exporterOf(socket: unknown): string {
  if (!(socket instanceof tls.TLSSocket) || socket.getProtocol() !== 'TLSv1.3') return 'none';
  return toHex(socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)));
}
