// `endpoint.json`: where the broker listens now. Written by the broker at each start, re-read by clients before each
// attempt. It is a hint about an address and trusts nobody: who may answer there is for the keyring.

import { join } from 'node:path';
import * as z from 'zod';
import type { Result } from '../../shared/result.ts';
import { KeyId, Origin } from '../../shared/statement/fields.ts';
import { writeAtomic } from './atomic-file.ts';
import type { Home } from './home.ts';
import { type JsonFileCode, jsonBytes, readJsonFile } from './json-file.ts';

export const Endpoint = z.strictObject({
  url: z
    .string()
    .max(300)
    .regex(/^wss?:\/\/[^\s/?#@]+\/?$/),
  /** What the broker calls itself: bound into every login. */
  origin: Origin,
  brokerKeyId: KeyId,
  /** PEM of the organisation's own authority, as it was when this machine joined. */
  ca: z.string().max(32_768).optional(),
  /** Whoever joined accepted a plain connection beyond this machine. */
  plainNetwork: z.boolean().optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

export const endpointPath = (home: Pick<Home, 'root'>): string => join(home.root, 'endpoint.json');

export const readEndpoint = (home: Pick<Home, 'root'>): Result<Endpoint, JsonFileCode> =>
  readJsonFile(endpointPath(home), Endpoint);

/** Throws on an endpoint that its own schema refuses: the broker's bug. */
export const writeEndpoint = (home: Pick<Home, 'root'>, endpoint: Endpoint): Result<void, 'io'> =>
  writeAtomic(endpointPath(home), jsonBytes(Endpoint.parse(endpoint)));
