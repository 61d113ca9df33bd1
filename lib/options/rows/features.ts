/**
 * Extensions of SCTP, most of which the peer must support too. One that needs another comes after
 * it.
 */
import { authRemedy } from '../../errors';
import { constants } from '../../constants';
import { choice, flag } from '../fields';
import type { OptionRow, OptionRows } from '../row';

/** The kernel accepts a change at any time, but associations keep what was negotiated. */
function gate(source: string, more: Partial<OptionRow> = {}): OptionRow {
  return {
    source,
    fields: flag(1),
    reach: 'future',
    until: 'associated',
    reapplied: true,
    ...more,
  };
}

function inFlags(bit: number) {
  return { ...flag(bit), native: 'flags' };
}

export const featureRows = {
  authSupported: gate('linux/sctp.h SCTP_AUTH_SUPPORTED', {
    refusals: { ENOMEM: authRemedy.join('; ') },
  }),
  asconfSupported: gate('linux/sctp.h SCTP_ASCONF_SUPPORTED', {
    needs: [{ option: 'authSupported', sysctl: 'auth_enable' }],
  }),
  autoAsconf: {
    source: 'RFC 6458 §8.1.23 SCTP_AUTO_ASCONF',
    fields: flag(1),
    reach: 'none',
    when: 'bound',
    reapplied: true,
    needs: [{ option: 'asconfSupported', sysctl: 'addip_enable' }],
    remedy: 'It needs a socket that is bound to every address of the machine: no host at all',
  },
  reconfigSupported: gate('linux/sctp.h SCTP_RECONFIG_SUPPORTED'),
  enableStreamReset: {
    source: 'RFC 6525 §6.3.1 SCTP_ENABLE_STREAM_RESET',
    fields: {
      resetStreams: inFlags(constants.SCTP_ENABLE_RESET_STREAM_REQ),
      resetAssoc: inFlags(constants.SCTP_ENABLE_RESET_ASSOC_REQ),
      changeAssoc: inFlags(constants.SCTP_ENABLE_CHANGE_ASSOC_REQ),
    },
    reach: 'all',
    reapplied: true,
    keepsByReading: true,
    needs: [{ option: 'reconfigSupported', sysctl: 'reconf_enable' }],
  },
  fragmentInterleave: {
    source: 'RFC 6458 §8.1.20 SCTP_FRAGMENT_INTERLEAVE',
    fields: flag(1),
    reach: 'none',
  },
  interleavingSupported: gate('RFC 8260 §4.3.1 SCTP_INTERLEAVING_SUPPORTED', {
    needs: [{ option: 'fragmentInterleave' }],
    refusals: { EPERM: 'It needs net.sctp.intl_enable=1 (sysctl -w net.sctp.intl_enable=1)' },
  }),
  prSupported: gate('RFC 7496 §4.5 SCTP_PR_SUPPORTED'),
  ecnSupported: gate('linux/sctp.h SCTP_ECN_SUPPORTED'),
  exposePfState: {
    source: 'RFC 7829 §7.3 SCTP_EXPOSE_POTENTIALLY_FAILED_STATE',
    fields: choice({ unset: 0, disable: 1, enable: 2 }),
    reach: 'future',
  },
} satisfies OptionRows;
