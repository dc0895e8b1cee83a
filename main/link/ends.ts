// Every way in which a connection ends, and what the socket's events mean among them.

import { WIRE_CODES, type WireCode } from '../../shared/protocol/codes.ts';
import type { StrangerCode } from './handshake.ts';

/**
 * `noEndpoint`: no broker has said where it is. `badEndpoint`: plain text to another machine, or no address.
 * `unreachable`: nobody listens. `timeout`: no welcome in time. `dead`: no sign for 35 s. `cut`: the connection ended.
 * `badBroker`: the broker sent what is not a message of the protocol.
 */
export type OfflineWhy =
  | 'noEndpoint'
  | 'badEndpoint'
  | 'unreachable'
  | 'timeout'
  | 'dead'
  | 'cut'
  | 'badBroker'
  | WireCode;

export type End =
  | { readonly kind: 'offline'; readonly why: OfflineWhy }
  | { readonly kind: 'stranger'; readonly because: StrangerCode }
  | { readonly kind: 'refused'; readonly code: WireCode };

export const BAD_BROKER: End = { kind: 'offline', why: 'badBroker' };
export const NOT_A_BROKER: End = { kind: 'stranger', because: 'notABroker' };

export const endOfCode = (code: WireCode): End =>
  WIRE_CODES[code].retry ? { kind: 'offline', why: code } : { kind: 'refused', code };

/** A WebSocket close code, from either end. */
export function endOfClose(code: number): End {
  const names = Object.keys(WIRE_CODES) as WireCode[];
  const said = names.find((name) => closeCodeOf(name) === code);
  return said === undefined ? { kind: 'offline', why: 'cut' } : endOfCode(said);
}

/** An HTTP answer instead of an upgrade: overload passes; anything else is not our broker. */
export const endOfStatus = (status: number | undefined): End =>
  status === 503 || status === 429 ? { kind: 'offline', why: 'tooMany' } : NOT_A_BROKER;

/** The system's own errors name the call that failed; any other error is about what the other end said. */
export function endOfError(error: Error, greeted: boolean): End {
  if ('syscall' in error) return { kind: 'offline', why: greeted ? 'cut' : 'unreachable' };
  return greeted ? BAD_BROKER : NOT_A_BROKER;
}

function closeCodeOf(name: WireCode): number | undefined {
  const row = WIRE_CODES[name];
  return 'close' in row ? row.close : undefined;
}
