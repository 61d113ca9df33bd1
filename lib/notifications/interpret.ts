/** Each notification as one English sentence. */
import type {
  AssocChangeNotification,
  AuthenticationNotification,
  ErrorCause,
  Notification,
  PeerAddrChangeNotification,
  SendFailedNotification,
} from '../../types/notifications';
import { constants } from '../constants';
import { causeName, printable } from '../causes';

type OfType<Type> = Extract<Notification, { type: Type }>;

const sentences: {
  readonly [Type in Notification['type']]: (notification: OfType<Type>) => string;
} = {
  assocChange,
  peerAddrChange,
  sendFailed,
  authentication,
  remoteError: ({ assocId, error, data }) =>
    `the peer of association ${String(assocId)} reports ${causeName(error)}${dataText(data)}`,
  shutdown: ({ assocId }) => `the peer has shut association ${String(assocId)} down`,
  partialDelivery: ({ assocId, indication, sid }) =>
    indication === 'aborted'
      ? `the rest of a message on association ${String(assocId)}, stream ${String(sid)}, will not come`
      : `a message that is being received on association ${String(assocId)} has an unknown event`,
  adaptation: ({ assocId, indication }) =>
    `the peer of association ${String(assocId)} has the adaptation layer ${String(indication)}`,
  senderDry: ({ assocId }) =>
    `the peer of association ${String(assocId)} has acknowledged everything`,
  streamReset: (reset) =>
    `${resetStreams(reset)} of association ${String(reset.assocId)} ${outcome(reset, 'were reset')}`,
  assocReset: (reset) =>
    `association ${String(reset.assocId)} ${outcome(reset, 'was reset')}: local TSN ` +
    `${String(reset.localTsn)}, remote TSN ${String(reset.remoteTsn)}`,
  streamChange: (change) =>
    `${String(change.outboundStreams)} outbound and ${String(change.inboundStreams)} inbound ` +
    `streams of association ${String(change.assocId)} ${outcome(change, 'were added')}`,
  unknown: ({ number, raw }) =>
    `a notification of unknown type ${hex(number)}, of ${String(raw.length)} bytes`,
};

export function interpret(notification: Notification): string {
  // Each sentence gets a notification of its own type, which the compiler cannot see.
  const sentence = sentences[notification.type] as (notification: Notification) => string;
  return sentence(notification);
}

function assocChange(change: AssocChangeNotification): string {
  const { assocId, state, error, causes, outboundStreams, inboundStreams } = change;
  const association = `association ${String(assocId)}`;
  const streams = `${String(outboundStreams)} outbound and ${String(inboundStreams)} inbound streams`;
  const [cause] = causes;
  switch (state) {
    case 'commUp':
      return `${association} is up, with ${streams}`;
    case 'commLost':
      if (cause) return `${association} was aborted by the peer: ${causeText(cause)}`;
      return error === 0
        ? `${association} is lost: aborted, or the peer no longer answers`
        : `${association} is lost: ${causeName(error)}`;
    case 'restart':
      return `the peer has restarted ${association}, now with ${streams}`;
    case 'shutdownComp':
      return `${association} has ended in order`;
    case 'cantStrAssoc':
      return `${association} could not be started: ${cause ? causeText(cause) : refusal(error)}`;
    case 'unknown':
      return `${association} has changed to an unknown state`;
  }
}

function refusal(error: number): string {
  return error === 0 ? 'refused, or no answer' : causeName(error);
}

const pathChanges: Readonly<Record<PeerAddrChangeNotification['state'], string>> = {
  available: 'can be reached again',
  unreachable: 'cannot be reached',
  removed: 'has been removed',
  added: 'has been added',
  madePrim: 'is the primary one now',
  confirmed: 'is confirmed',
  potentiallyFailed: 'is potentially failed',
  unknown: 'has changed to an unknown state',
};

const reasons: Readonly<Record<number, string>> = {
  [constants.SCTP_RECEIVED_SACK]: ': data was acknowledged',
  [constants.SCTP_HEARTBEAT_SUCCESS]: ': a heartbeat was answered',
};

function peerAddrChange(change: PeerAddrChangeNotification): string {
  const { assocId, address, state, error } = change;
  const what = address ? `the peer's address ${address.address}` : 'an unknown peer address';
  const failed = state === 'unreachable' || state === 'potentiallyFailed';
  const why = failed ? ': no answer' : (reasons[error] ?? '');
  return `${what} of association ${String(assocId)} ${pathChanges[state]}${why}`;
}

function sendFailed(failed: SendFailedNotification): string {
  const { assocId, firstFragment, lastFragment, sent, error, sid, ppid, context, data } = failed;
  const what =
    firstFragment && lastFragment
      ? 'a message'
      : `the ${firstFragment ? 'first' : lastFragment ? 'last' : 'next'} fragment of a message`;
  const whether = sent ? 'was sent but not acknowledged' : 'was never sent';
  const why = error === 0 ? '' : ` (${causeName(error)})`;
  return (
    `${what} of ${String(data.length)} bytes on association ${String(assocId)} ${whether}${why}: ` +
    `stream ${String(sid)}, ppid ${String(ppid)}, context ${String(context)}`
  );
}

function authentication(event: AuthenticationNotification): string {
  const { assocId, keyNumber, indication } = event;
  const key = `key ${String(keyNumber)} of association ${String(assocId)}`;
  switch (indication) {
    case 'newKey':
      return `${key} is used by the peer`;
    case 'freeKey':
      return `${key} is no longer used`;
    case 'noAuth':
      return `the peer of association ${String(assocId)} does not authenticate chunks`;
    case 'unknown':
      return `${key} has an unknown event`;
  }
}

interface Reset {
  incoming: boolean;
  outgoing: boolean;
  streams: readonly number[];
}

function resetStreams({ incoming, outgoing, streams }: Reset): string {
  const directions = [incoming ? 'incoming' : '', outgoing ? 'outgoing' : ''].filter(Boolean);
  const which = directions.join(' and ') || 'no';
  if (streams.length === 0) return `all ${which} streams`;
  const more = streams.length - SHOWN_STREAMS;
  const listed = streams.slice(0, SHOWN_STREAMS).join(', ');
  return `the ${which} streams ${listed}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

function outcome({ denied, failed }: { denied: boolean; failed: boolean }, done: string): string {
  if (!denied && !failed) return done;
  return `${done.replace(/^(was|were)/, '$1 not')}: ${denied ? 'the peer has denied it' : 'it failed'}`;
}

function causeText({ code, info }: ErrorCause): string {
  return causeName(code) + dataText(info);
}

/** What goes with a cause: text, if it is that, or its bytes. */
function dataText(data: Buffer): string {
  if (data.length === 0) return '';
  const text = printable(data);
  if (text !== undefined) return ` ("${text}")`;
  const shown = data.subarray(0, SHOWN_BYTES).toString('hex');
  return ` (${String(data.length)} bytes: ${shown}${data.length > SHOWN_BYTES ? '…' : ''})`;
}

/** A peer chooses how much there is: a sentence has room for so much. */
const SHOWN_BYTES = 16;
const SHOWN_STREAMS = 32;

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}
