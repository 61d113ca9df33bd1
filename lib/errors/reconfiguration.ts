/** Streams that could not be reset or added: ERR_SCTP_RECONFIGURATION. */
import { withCode } from './coded';
import { describeErrno, errnoName } from './system';

interface Request {
  /** "reset streams" */
  what: string;
  /** The switch of enableStreamReset that allows it. */
  allowedBy: string;
}

/** The request did not reach the peer. */
export function reconfigurationFailed({ what, allowedBy }: Request, errno: number): Error {
  const remedies: Readonly<Record<string, string>> = {
    ENOPROTOOPT:
      '. Both sides need the option reconfigSupported (or the sysctl net.sctp.reconf_enable=1) ' +
      `before the association is set up, and this one enableStreamReset: { ${allowedBy}: true }`,
    EINVAL:
      allowedBy === 'resetStreams'
        ? '. A request has room for about 32000 streams: reset fewer at once, or all by an empty list'
        : '',
  };
  const message = `cannot ${what}: ${describeErrno(errno)}${remedies[errnoName(errno)] ?? ''}`;
  return withCode(new Error(message), 'ERR_SCTP_RECONFIGURATION', { reason: 'impossible', errno });
}

/** No answer can come any more. */
export function reconfigurationOver(): Error {
  const message = 'the association has ended or restarted; its streams can no longer be changed';
  return withCode(new Error(message), 'ERR_SCTP_RECONFIGURATION', { reason: 'over' });
}

/** The peer refused. */
export function reconfigurationRefused(
  { what, allowedBy }: Request,
  reason: 'denied' | 'failed',
): Error {
  const why =
    reason === 'denied'
      ? `the peer denied it; there, enableStreamReset: { ${allowedBy}: true } allows it`
      : 'the peer could not do it, each time it was asked, perhaps because of requests of its own; ' +
        'try again later';
  const message = `cannot ${what}: ${why}`;
  return withCode(new Error(message), 'ERR_SCTP_RECONFIGURATION', { reason });
}
