/** Policies of partial reliability (RFC 7496) by name. */
import { binding } from '../binding';

const { constants } = binding;

/** Those that give messages up. */
export const abandoningPolicies = {
  ttl: constants.SCTP_PR_SCTP_TTL,
  rtx: constants.SCTP_PR_SCTP_RTX,
  prio: constants.SCTP_PR_SCTP_PRIO,
} as const;

export const prPolicies = { none: constants.SCTP_PR_SCTP_NONE, ...abandoningPolicies } as const;
