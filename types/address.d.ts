/** An address, as this package returns it everywhere. */
export interface Address {
  /** Numeric; IPv6 link-local addresses with their scope, as in `fe80::1%eth0`. */
  address: string;
  /** An IPv4-mapped IPv6 address appears as IPv4. */
  family: 'IPv4' | 'IPv6';
  /** SCTP port. */
  port: number;
}

/** An address, as this package takes it: as it returns it, or the numeric text alone. */
export type AddressInput = string | (Pick<Address, 'address'> & Partial<Address>);
