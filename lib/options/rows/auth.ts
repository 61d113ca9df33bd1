/** SCTP-AUTH (RFC 4895): chunks that are authenticated with shared keys. */
import { invalidArgValue } from '../../errors';
import { readSysctl } from '../../sysctl';
import { UINT16 } from '../../validate';
import { type FieldKind, integer } from '../fields';
import { listOf, secretBytes } from '../list-fields';
import type { OptionRows } from '../row';

const hmacs = { sha1: 1, sha256: 3 };

/** RFC 9260 §3.2, RFC 4895, RFC 5061, RFC 6525, RFC 3758, RFC 8260. */
const chunkTypes = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  ecne: 12,
  cwr: 13,
  shutdownComplete: 14,
  auth: 15,
  iData: 64,
  asconfAck: 128,
  reConfig: 130,
  forwardTsn: 192,
  asconf: 193,
  iForwardTsn: 194,
} as const;

const chunkList = listOf('chunk types', chunkTypes, Uint8Array);
const NEVER_SIGNED: readonly number[] = [
  chunkTypes.init,
  chunkTypes.initAck,
  chunkTypes.shutdownComplete,
  chunkTypes.auth,
];

/** What a peer can be asked to authenticate. */
const signedChunks: FieldKind = {
  ...chunkList,
  toNative(name, value) {
    const numbers = chunkList.toNative(name, value) as Uint8Array;
    numbers.forEach((number, index) => {
      const item = `${name}[${String(index)}]`;
      const given = (value as unknown[])[index];
      if (NEVER_SIGNED.includes(number)) {
        throw invalidArgValue(item, given, 'is never authenticated (RFC 4895 §3.2)');
      }
      if (number === chunkTypes.cookieEcho && !readSysctl('net.sctp.auth_enable')) {
        const reason =
          'cannot be authenticated while net.sctp.auth_enable is 0: the kernel would drop it, and no ' +
          'association could be set up. sysctl -w net.sctp.auth_enable=1, or leave it out';
        throw invalidArgValue(item, given, reason);
      }
    });
    return numbers;
  },
};

const keyNumber = integer('key', 0, UINT16);

/** While it is off, every use is refused with this. */
const refusals = {
  EACCES:
    'SCTP-AUTH must be on: for a new socket by authSupported: true or the sysctl ' +
    'net.sctp.auth_enable=1, for an association on both sides',
};
const needs = [{ option: 'authSupported', sysctl: 'auth_enable' }] as const;

const NOT_ACTIVE = 'There must be such a key, and not the active one (authActiveKey)';

export const authRows = {
  hmacIdent: {
    source: 'RFC 6458 §8.1.17 SCTP_HMAC_IDENT',
    fields: listOf('hash functions, the preferred one first', hmacs, Uint16Array),
    reach: 'none',
    until: 'associated',
    needs,
    refusals: { ...refusals, ENOTSUP: "The kernel knows 'sha1' and 'sha256'" },
    remedy: "It must have 'sha1' among others (RFC 4895 §6.1)",
  },
  authChunks: {
    source: 'RFC 6458 §8.3.2 SCTP_AUTH_CHUNK',
    fields: signedChunks,
    reach: 'none',
    until: 'associated',
    writeOnly: true,
    each: true,
    needs,
    refusals,
  },
  authKey: {
    source: 'RFC 6458 §8.3.3 SCTP_AUTH_KEY',
    fields: { keyNumber, key: secretBytes },
    reach: 'all',
    writeOnly: true,
    needs,
    refusals,
    check(name, { keyNumber: number, key }) {
      if (number === undefined) throw invalidArgValue(`${name}.keyNumber`, number, 'must be given');
      if (key === undefined) throw invalidArgValue(`${name}.key`, key, 'must be given');
    },
  },
  authActiveKey: {
    source: 'RFC 6458 §8.1.18 SCTP_AUTH_ACTIVE_KEY',
    fields: keyNumber,
    reach: 'all',
    needs,
    refusals,
    remedy: 'There must be such a key (authKey), not deactivated',
  },
  authDeactivateKey: {
    source: 'RFC 6458 §8.3.4 SCTP_AUTH_DEACTIVATE_KEY',
    fields: keyNumber,
    reach: 'all',
    writeOnly: true,
    needs,
    refusals,
    remedy: NOT_ACTIVE,
  },
  authDeleteKey: {
    source: 'RFC 6458 §8.3.5 SCTP_AUTH_DELETE_KEY',
    fields: keyNumber,
    reach: 'all',
    writeOnly: true,
    needs,
    refusals,
    remedy: NOT_ACTIVE,
  },
  localAuthChunks: {
    source: 'RFC 6458 §8.2.4 SCTP_LOCAL_AUTH_CHUNKS',
    fields: chunkList,
    reach: 'future',
    readOnly: true,
    refusals,
  },
  peerAuthChunks: {
    source: 'RFC 6458 §8.2.3 SCTP_PEER_AUTH_CHUNKS',
    fields: chunkList,
    reach: 'one',
    readOnly: true,
    refusals,
  },
} satisfies OptionRows;
