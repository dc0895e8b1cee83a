// An authority of an organisation's own, and its certificate for a broker on this machine.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** `ca.pem`, and `<name>-tls.pem` with `<name>-tls.key` (0600) for localhost and 127.0.0.1. */
export function makeCertificates(folder: string, name = 'broker'): void {
  const at = (file: string): string => join(folder, file);
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, { stdio: 'ignore', cwd: folder });
  };
  const [key, cert, request] = [`${name}-tls.key`, `${name}-tls.pem`, `${name}.csr`];
  openssl(
    'req',
    '-x509',
    ...EC,
    '-subj',
    '/CN=Test authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  openssl(
    'req',
    ...EC.slice(0, -2),
    '-subj',
    '/CN=localhost',
    '-keyout',
    at(key),
    '-out',
    at(request),
  );
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl(
    'x509',
    '-req',
    '-in',
    at(request),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
    '-out',
    at(cert),
  );
}
