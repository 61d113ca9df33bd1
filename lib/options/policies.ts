/** Policies of partial reliability (RFC 7496), and schedulers of streams (RFC 8260), by name. */
import { constants } from '../constants';

/** Those that abandon messages. */
export const abandoningPolicies = {
  ttl: constants.SCTP_PR_SCTP_TTL,
  rtx: constants.SCTP_PR_SCTP_RTX,
  prio: constants.SCTP_PR_SCTP_PRIO,
} as const;

export const prPolicies = { none: constants.SCTP_PR_SCTP_NONE, ...abandoningPolicies } as const;

export const schedulers = {
  fcfs: constants.SCTP_SS_FCFS,
  prio: constants.SCTP_SS_PRIO,
  rr: constants.SCTP_SS_RR,
  fc: constants.SCTP_SS_FC,
  wfq: constants.SCTP_SS_WFQ,
} as const;
