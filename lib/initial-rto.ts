/**
 * The first RTO of sockets that do not set it: also how long connecting waits for an address before
 * it tries the next. Linux still has the 3 seconds of RFC 4960; RFC 9260 §16 has one.
 */
const LINUX_INITIAL_RTO = 3000;
/** In milliseconds. */
export const INITIAL_RTO = 1000;

/** What takes the place of the kernel's value; one that the operator has set (sysctl) stays. */
export function initialRtoFor<Kernels extends number | undefined>(
  kernels: Kernels,
): number | Kernels {
  return kernels === LINUX_INITIAL_RTO ? INITIAL_RTO : kernels;
}
