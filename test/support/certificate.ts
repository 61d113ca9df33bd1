/** A key and a certificate for tests of TLS. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const NAME = 'peer.test';

/** A certificate that vouches for itself. */
function makeCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words =
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 ` +
      `-subj /CN=${NAME} -addext subjectAltName=DNS:${NAME} -keyout ${key} -out ${cert}`;
    execFileSync('openssl', words.split(' '), { stdio: 'pipe' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let made: ReturnType<typeof makeCertificate> | undefined;

/** Made once. */
export function identity(): { key: Buffer; cert: Buffer } {
  return (made ??= makeCertificate());
}
