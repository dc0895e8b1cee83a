// `rotate-key KEYFILE REGISTRY`: registers a new Ed25519 key, puts it in place of the old one, then revokes all others: at
// no moment does the registry refuse the key that is in the file.

import { makeKey, readRegistry, replaceFile, writeRegistry } from '../billing-key.ts';

const [keyFile = '', registryFile = ''] = process.argv.slice(2);
const registry = readRegistry(registryFile);
const { pem, name, publicKey } = makeKey();
const added = { name, publicKey, state: 'active' } as const;
writeRegistry(registryFile, { ...registry, keys: [...registry.keys, added] });
replaceFile(keyFile, pem);
const revoked = registry.keys.map((key) => ({ ...key, state: 'revoked' as const }));
writeRegistry(registryFile, { ...registry, keys: [...revoked, added] });
process.stdout.write(`${registry.service}: ${name} is the key now\n`);
