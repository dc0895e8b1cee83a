import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { fakeBroker, makeWorld, watchLink } from '../unit/link/world.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('SKIPPED: the TLS tests of the link need openssl to make a certificate');

describe.skipIf(!openssl)('over TLS', () => {
  test('the login is bound to the channel: both ends export the same 32 bytes', async () => {
    const tls = makeCertificate();
    const trusted = getCACertificates();
    const world = makeWorld();
    const broker = await fakeBroker(world, { tls });
    setDefaultCACertificates([...trusted, tls.cert]);
    const { link, reach } = watchLink(world, () => broker.endpoint);
    try {
      await reach('online');
      const [peer] = broker.peers;
      expect(peer?.exporter).toMatch(/^[0-9a-f]{64}$/);
      expect(peer?.login()?.tlsExporter).toBe(peer?.exporter);
    } finally {
      link.stop();
      await broker.stop();
      setDefaultCACertificates(trusted);
    }
  });

  test('a certificate that nobody vouches for is a stranger, who gets not one byte', async () => {
    const world = makeWorld();
    const broker = await fakeBroker(world, { tls: makeCertificate() });
    const { link, reach } = watchLink(world, () => broker.endpoint);
    try {
      expect(await reach('stranger')).toMatchObject({ because: 'notABroker' });
      expect(broker.frames).toEqual([]);
    } finally {
      link.stop();
      await broker.stop();
    }
  });
});

function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  try {
    execFileSync('openssl', [...kind, ...name, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
