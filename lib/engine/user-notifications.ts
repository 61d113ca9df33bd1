/** What happens to an association of the user-space engine, as the kernel would notify of it. */
import type { NativeNotification } from '../../types/native-values';
import type { NativeErrorCause } from '../../types/native-engine';
import { binding } from '../binding';
import { constants } from '../constants';
import type { FailedMessage } from './events';

const makeNotification: typeof binding.makeNotification = (...given) =>
  binding.makeNotification(...given);

/** Bits of a DATA chunk's flags, which are in `snd_flags` of a failed message. */
const WHOLE = 3;
const UNORDERED = 4;

export function assocChange(
  state: number,
  streams: { outbound: number; inbound: number },
  causes: readonly NativeErrorCause[] = [],
): NativeNotification {
  const values = {
    sac_state: state,
    sac_error: causes[0]?.code ?? 0,
    sac_outbound_streams: streams.outbound,
    sac_inbound_streams: streams.inbound,
  };
  return makeNotification(constants.SCTP_ASSOC_CHANGE, 0, values, causeList(causes));
}

export function shutdownEvent(): NativeNotification {
  return makeNotification(constants.SCTP_SHUTDOWN_EVENT, 0, {});
}

export function senderDry(): NativeNotification {
  return makeNotification(constants.SCTP_SENDER_DRY_EVENT, 0, {});
}

export function sendFailed({
  sid,
  ppid,
  context,
  unordered,
  sent,
  data,
}: FailedMessage): NativeNotification {
  const flags = sent ? constants.SCTP_DATA_SENT : constants.SCTP_DATA_UNSENT;
  const values = {
    'ssfe_info.snd_sid': sid,
    'ssfe_info.snd_flags': WHOLE | (unordered ? UNORDERED : 0),
    'ssfe_info.snd_ppid': ppid,
    'ssfe_info.snd_context': context,
  };
  return makeNotification(constants.SCTP_SEND_FAILED_EVENT, flags, values, data);
}

/** What an ERROR chunk says. */
export function remoteError({ code, info }: NativeErrorCause): NativeNotification {
  return makeNotification(constants.SCTP_REMOTE_ERROR, 0, { sre_error: code }, info);
}

export function streamReset(
  direction: 'incoming' | 'outgoing',
  streams: readonly number[],
  refusal: 'denied' | 'failed' | undefined,
): NativeNotification {
  const flags =
    (direction === 'incoming'
      ? constants.SCTP_STREAM_RESET_INCOMING_SSN
      : constants.SCTP_STREAM_RESET_OUTGOING_SSN) |
    (refusal === 'denied' ? constants.SCTP_STREAM_RESET_DENIED : 0) |
    (refusal === 'failed' ? constants.SCTP_STREAM_RESET_FAILED : 0);
  const list = new Uint8Array(new Uint16Array(streams).buffer);
  return makeNotification(constants.SCTP_STREAM_RESET_EVENT, flags, {}, list);
}

/** @param added how many streams, not how many there are */
export function streamChange(
  added: { outbound: number; inbound: number },
  refusal: 'denied' | 'failed' | undefined,
): NativeNotification {
  const flags =
    (refusal === 'denied' ? constants.SCTP_STREAM_CHANGE_DENIED : 0) |
    (refusal === 'failed' ? constants.SCTP_STREAM_CHANGE_FAILED : 0);
  const values = { strchange_instrms: added.inbound, strchange_outstrms: added.outbound };
  return makeNotification(constants.SCTP_STREAM_CHANGE_EVENT, flags, values);
}

/** As an ABORT carries them (RFC 9260 §3.3.10). */
function causeList(causes: readonly NativeErrorCause[]): Buffer {
  return Buffer.concat(
    causes.flatMap(({ code, info }) => {
      const header = Buffer.alloc(4);
      header.writeUInt16BE(code, 0);
      header.writeUInt16BE(header.length + info.length, 2);
      return [header, info, Buffer.alloc((4 - (info.length % 4)) % 4)];
    }),
  );
}
