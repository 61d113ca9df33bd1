/** The family of a numeric address, whether it comes with a scope or not. */

export function isIPv6Address(address: string): boolean {
  return address.includes(':');
}

export function familyOf(address: string): 'IPv4' | 'IPv6' {
  return isIPv6Address(address) ? 'IPv6' : 'IPv4';
}

/** As `net` has it in the arguments of events, and the native side everywhere. */
export function familyNumberOf(address: string): 4 | 6 {
  return isIPv6Address(address) ? 6 : 4;
}
