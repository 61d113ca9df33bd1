/** A kernel that has lost its module for hmac, as hosts in FIPS mode and minimal ones have. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { describeSctp } from './sctp';

const LOADER = '/proc/sys/kernel/modprobe';

/** Only where the kernel and its modules are the test's own: elsewhere nothing may be taken out. */
export const describeOwnKernel =
  process.env['KERNEL_SCTP_GUEST'] === 'uml' ? describeSctp : describe.skip;

/** Takes the module out before the tests of this block, so that it cannot be loaded again until they are over. */
export function withoutHmac(): void {
  const loader = readFileSync(LOADER, 'ascii');

  beforeAll(() => {
    writeFileSync(LOADER, '/bin/false');
    removeOnceUnused();
  });

  afterAll(() => {
    writeFileSync(LOADER, loader);
    execFileSync('modprobe', ['hmac']);
  });
}

/** Sockets of the tests before may still be on their way out. */
function removeOnceUnused(): void {
  for (let left = 40; ; left--) {
    try {
      execFileSync('rmmod', ['hmac'], { stdio: 'pipe' });
      return;
    } catch (error) {
      if (left === 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
}
