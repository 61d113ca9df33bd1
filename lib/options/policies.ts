/** Policies of partial reliability (RFC 7496) by name. */
import { binding } from '../binding';

const { constants } = binding;

export const prPolicies = {
  none: constants.SCTP_PR_SCTP_NONE,
  ttl: constants.SCTP_PR_SCTP_TTL,
  rtx: constants.SCTP_PR_SCTP_RTX,
  prio: constants.SCTP_PR_SCTP_PRIO,
} as const;
