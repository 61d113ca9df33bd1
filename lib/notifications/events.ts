/** Notifications that are nothing but numbers: that an association is up, or ends, or is dry. */
import type { NativeNotification, NativeOptionValues } from '../../types/native-values';
import { binding } from '../binding';
import { constants } from '../constants';

const { SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT } = constants;

const NO_CAUSES = Object.freeze<Extract<NativeNotification, { type: 'assocChange' }>['causes']>(
  [],
) as Extract<NativeNotification, { type: 'assocChange' }>['causes'];

/** As the native side makes others, but for `raw`, which few want to see. */
export function eventOf(
  number: number,
  flags: number,
  assocId: number,
  state: number,
  error: number,
  outboundStreams: number,
  inboundStreams: number,
): NativeNotification {
  if (number === SCTP_SHUTDOWN_EVENT) return { number, flags, assocId, type: 'shutdown' };
  if (number !== SCTP_ASSOC_CHANGE) return { number, flags, assocId, type: 'senderDry' };
  const type = 'assocChange';
  const causes = NO_CAUSES;
  return { number, flags, assocId, type, state, error, outboundStreams, inboundStreams, causes };
}

/** The bytes of such a notification, as the kernel has sent them. */
export function rawOf(event: NativeNotification): Buffer {
  const { raw } = binding.makeNotification(event.number, event.flags, fieldsOf(event));
  return raw ?? Buffer.alloc(0);
}

function fieldsOf(event: NativeNotification): NativeOptionValues {
  const { assocId } = event;
  switch (event.type) {
    case 'shutdown':
      return { sse_assoc_id: assocId };
    case 'assocChange':
      return {
        sac_state: event.state,
        sac_error: event.error,
        sac_outbound_streams: event.outboundStreams,
        sac_inbound_streams: event.inboundStreams,
        sac_assoc_id: assocId,
      };
    default:
      return { sender_dry_assoc_id: assocId };
  }
}
