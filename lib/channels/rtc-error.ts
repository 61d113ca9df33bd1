/** Errors as the W3C names them: DOMExceptions, and RTCError for what SCTP reports. */

/** Why a data channel or its association failed. */
export class RTCError extends DOMException {
  /** What failed; here always SCTP, or the channel on it. */
  readonly errorDetail: 'sctp-failure' | 'data-channel-failure';
  /** The code of the error cause that SCTP reported (RFC 9260 §3.3.10), if there is one. */
  readonly sctpCauseCode: number | null;

  /** @param init as the W3C's RTCErrorInit; `cause` is the error behind this one */
  constructor(
    init: {
      errorDetail: 'sctp-failure' | 'data-channel-failure';
      sctpCauseCode?: number | null;
      cause?: unknown;
    },
    message = '',
  ) {
    super(message, 'OperationError');
    this.errorDetail = init.errorDetail;
    this.sctpCauseCode = init.sctpCauseCode ?? null;
    if (init.cause !== undefined) Object.defineProperty(this, 'cause', { value: init.cause });
  }
}

/** The call does not suit the state. */
export function invalidState(message: string): DOMException {
  return new DOMException(message, 'InvalidStateError');
}

/** The call suits the state, and cannot be done all the same. */
export function operationError(message: string): DOMException {
  return new DOMException(message, 'OperationError');
}
