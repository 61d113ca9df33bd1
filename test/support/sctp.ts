/** Test suites that need a kernel with SCTP. */
import { support } from 'kernel-sctp';

/**
 * A suite on the kernel's SCTP. With SCTP_REQUIRED=1, as the project's own test command sets it, a
 * kernel without SCTP makes it fail; otherwise it is skipped, visibly.
 */
export function describeSctp(name: string, suite: () => void): void {
  const { sctp, reason } = support();
  if (sctp) {
    describe(name, suite);
  } else if (process.env['KERNEL_SCTP_ENGINE'] === 'user') {
    describe(name, suite);
  } else if (process.env['SCTP_REQUIRED'] === '1') {
    describe(name, () => {
      test('needs a kernel with SCTP', () => {
        throw new Error(`this kernel has no SCTP (${String(reason)}): run npm test`);
      });
    });
  } else {
    describe.skip(`${name} (this kernel has no SCTP)`, suite);
  }
}
