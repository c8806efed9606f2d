import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority of a test's own, and a node's certificate from it for 127.0.0.1 and localhost. */
export interface Certificates {
  /** Path of the authority's certificate: `tlsCAFile`. */
  caFile: string;
  cert: Buffer;
  key: Buffer;
  remove: () => void;
}

/** Needs `openssl`. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'esdb-tls-'));
  const path = (name: string): string => join(folder, name);
  const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const ca = ['-keyout', path('ca.key'), '-out', path('ca.crt'), '-subj', '/CN=test authority'];
  run('req', '-x509', ...key, ...ca);
  const names = [
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext',
    'basicConstraints=CA:FALSE',
  ];
  const node = [
    '-keyout',
    path('node.key'),
    '-out',
    path('node.crt'),
    '-subj',
    '/CN=eventstoredb-node',
    ...names,
  ];
  run('req', '-x509', '-CA', path('ca.crt'), '-CAkey', path('ca.key'), ...key, ...node);
  return {
    caFile: path('ca.crt'),
    cert: readFileSync(path('node.crt')),
    key: readFileSync(path('node.key')),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
