/** What the kernel reports of an association and its paths: options that can only be read. */
import { constants } from '../../constants';
import { UINT16, UINT32 } from '../../validate';
import { choice, counter, type Fields, integer, jiffies, peerAddress, readOnly } from '../fields';
import { abandoningPolicies } from '../policies';
import type { OptionRow, OptionRows } from '../row';

const bytes = readOnly(integer('bytes', 0, UINT32));
const chunks = readOnly(integer('chunks', 0, UINT16));
const streams = readOnly(integer('streams', 0, UINT16));

const assocState = choice({
  closed: constants.SCTP_CLOSED,
  cookieWait: constants.SCTP_COOKIE_WAIT,
  cookieEchoed: constants.SCTP_COOKIE_ECHOED,
  established: constants.SCTP_ESTABLISHED,
  shutdownPending: constants.SCTP_SHUTDOWN_PENDING,
  shutdownSent: constants.SCTP_SHUTDOWN_SENT,
  shutdownReceived: constants.SCTP_SHUTDOWN_RECEIVED,
  shutdownAckSent: constants.SCTP_SHUTDOWN_ACK_SENT,
});

const path: Fields = {
  address: peerAddress,
  state: choice({
    inactive: constants.SCTP_INACTIVE,
    potentiallyFailed: constants.SCTP_PF,
    active: constants.SCTP_ACTIVE,
    unconfirmed: constants.SCTP_UNCONFIRMED,
  }),
  cwnd: bytes,
  srtt: jiffies, // unlike the RTO next to it
  rto: readOnly(integer('ms', 0, UINT32)),
  mtu: bytes,
};

const needsAssociation = 'There must be an association that is set up';

const status: OptionRow = {
  source: 'RFC 6458 §8.2.1 SCTP_STATUS',
  fields: {
    state: assocState,
    rwnd: bytes,
    unackData: chunks,
    pendData: chunks,
    inStreams: streams,
    outStreams: streams,
    fragmentationPoint: bytes,
    primary: path,
  },
  reach: 'one',
  readOnly: true,
  remedy: needsAssociation,
};

const peerAddrInfo: OptionRow = {
  source: 'RFC 6458 §8.2.2 SCTP_GET_PEER_ADDR_INFO',
  fields: path,
  reach: 'one',
  readOnly: true,
  arguments: { address: 'needed' },
  refusals: { EACCES: 'The path is potentially failed, and net.sctp.pf_expose=1 hides that' },
  remedy: 'The address must be one of the peer, with its port, in an association that is set up',
};

const assocStats: OptionRow = {
  source: 'linux/sctp.h SCTP_GET_ASSOC_STATS',
  fields: {
    maxRto: jiffies,
    obsRtoIpaddr: peerAddress,
    iSacks: counter,
    oSacks: counter,
    oPackets: counter,
    iPackets: counter,
    rtxChunks: counter,
    outOfSeqTsns: counter,
    iDupChunks: counter,
    gapCnt: counter,
    oUodChunks: counter,
    iUodChunks: counter,
    oOdChunks: counter,
    iOdChunks: counter,
    oCtrlChunks: counter,
    iCtrlChunks: counter,
  },
  reach: 'one',
  readOnly: true,
  remedy: needsAssociation,
};

/** Partial reliability: the messages that were given up by a policy. */
const abandoned: Fields = {
  policy: choice({ ...abandoningPolicies, all: constants.SCTP_PR_SCTP_ALL }),
  abandonedUnsent: counter,
  abandonedSent: counter,
};

const prStreamStatus: OptionRow = {
  source: 'RFC 7496 §4.3 SCTP_PR_STREAM_STATUS',
  fields: { sid: integer('stream', 0, UINT16), ...abandoned },
  reach: 'one',
  readOnly: true,
  arguments: { sid: 'needed', policy: 'needed' },
  remedy: `${needsAssociation}, and a stream of that number to send on`,
};

const prAssocStatus: OptionRow = {
  source: 'RFC 7496 §4.4 SCTP_PR_ASSOC_STATUS',
  fields: abandoned,
  reach: 'one',
  readOnly: true,
  arguments: { policy: 'needed' },
  remedy: needsAssociation,
};

export const statusRows = {
  status,
  peerAddrInfo,
  assocStats,
  prStreamStatus,
  prAssocStatus,
} satisfies OptionRows;
