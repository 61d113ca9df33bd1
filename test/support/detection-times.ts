/**
 * How long Linux takes at most to notice that a path, or the only path of an association, is dead. From
 * net/sctp of Linux 6.1: sm_sideeffect.c (errors are counted, RTO is doubled), sm_statefuns.c (when an
 * association is lost), transport.c (when the next heartbeat is due). Times are milliseconds.
 */
import type { SctpOptions } from '../../types/options';

export interface DetectionTimes {
  /** Until what is unacknowledged is sent again, over another path if there is one. */
  readonly retransmission: number;
  /**
   * Until 'path' reports 'unreachable': with messages under way, which then take another path, and with
   * heartbeats only.
   */
  readonly busyPath: number;
  readonly idlePath: number;
  /** The same until an association with one path is lost. */
  readonly busyAssociation: number;
  readonly idleAssociation: number;
}

/** What holds where a preset says nothing. */
const KERNEL = { min: 1000, max: 60_000, asocMaxRxt: 10, hbInterval: 30_000, pathMaxRxt: 5 };
/** A heartbeat waits for half of RTO, but this at least, and then for a random part of RTO. */
const SHORTEST_HEARTBEAT = 200;

type Settings = typeof KERNEL;

export function detectionTimes(sctp: SctpOptions): DetectionTimes {
  const settings = { ...KERNEL, ...sctp.rtoInfo, ...sctp.assocInfo, ...sctp.peerAddrParams };
  return {
    retransmission: settings.min,
    busyPath: retransmissionAndHeartbeats(settings),
    idlePath: heartbeats(settings).path,
    busyAssociation: retransmissions(settings, settings.asocMaxRxt),
    idleAssociation: heartbeats(settings).association,
  };
}

/** The time-out that follows `allowed` errors is one too many. Round trips are shorter than RTO.Min. */
function retransmissions({ min, max }: Settings, allowed: number): number {
  let total = 0;
  for (let error = 0; error <= allowed; error += 1) total += Math.min(min * 2 ** error, max);
  return total;
}

const longestHeartbeat = (rto: number): number => Math.max(rto / 2, SHORTEST_HEARTBEAT) + rto;

/**
 * The first time-out makes a path potentially failed: messages take another, and heartbeats count its
 * further errors, the first of them none. A path that may have one error only stays in use.
 */
function retransmissionAndHeartbeats(settings: Settings): number {
  const { min, max, pathMaxRxt } = settings;
  if (pathMaxRxt < 2) return retransmissions(settings, pathMaxRxt);
  let rto = Math.min(min * 2, max);
  let time = min + longestHeartbeat(rto);
  for (let errors = 1; errors <= pathMaxRxt; errors += 1) {
    time += longestHeartbeat(rto);
    rto = Math.min(rto * 2, max);
  }
  return time;
}

/**
 * The first heartbeat that is not answered counts for nothing; each that is due after it counts an error
 * and doubles RTO. A path that has failed a little (RFC 7829) gets them without the pause between.
 */
function heartbeats({ min, max, hbInterval, pathMaxRxt, asocMaxRxt }: Settings) {
  let time = 0;
  let path: number | undefined;
  let rto = min;
  let sent = 0;
  for (;;) {
    const errors = Math.max(0, sent - 1);
    const isPotentiallyFailed = errors > 0 && pathMaxRxt > 1 && errors <= pathMaxRxt;
    const pause = isPotentiallyFailed ? 0 : hbInterval;
    time += Math.max(pause + rto / 2, SHORTEST_HEARTBEAT) + rto;
    if (errors >= asocMaxRxt) return { path: path ?? time, association: time };
    sent += 1;
    if (sent < 2) continue;
    rto = Math.min(rto * 2, max);
    if (sent - 1 > pathMaxRxt) path ??= time;
  }
}
