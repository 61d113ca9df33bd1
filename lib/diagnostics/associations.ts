/** What happens to associations, published and counted: for those of sockets, endpoints and handles. */
import type { SendFailedError, RestartInfo, StallInfo } from '../../types/association';
import type {
  AssociationLost,
  AssociationPublished,
  PublishedAssociation,
} from '../../types/diagnostics';
import type { AssociationTotals } from '../../types/metrics';
import type { PathChange } from '../../types/paths';
import { isSubscribed, publish } from './channels';

/** Since this thread began. */
export const totals: { -readonly [Name in keyof AssociationTotals]: number } = {
  up: 0,
  lost: 0,
  shutdown: 0,
  restarts: 0,
  failedMessages: 0,
};

/** Where an association is what users see of it; it may be made for the occasion. */
interface Subject {
  readonly user: object;
}

/** Layers below the public classes know no more of it than that it is an object. */
function of({ user }: Subject): AssociationPublished {
  return { association: user as PublishedAssociation };
}

export function reportUp(subject: Subject): void {
  totals.up++;
  if (isSubscribed('up')) publish('up', of(subject));
}

export function reportShutdown(subject: Subject): void {
  totals.shutdown++;
  if (isSubscribed('shutdown')) publish('shutdown', of(subject));
}

/** @param how called only if somebody subscribes */
export function reportLost(
  subject: Subject,
  how: () => Omit<AssociationLost, 'association'>,
): void {
  totals.lost++;
  if (isSubscribed('lost')) publish('lost', { ...of(subject), ...how() });
}

export function reportRestart(subject: Subject, streams: RestartInfo): void {
  totals.restarts++;
  if (isSubscribed('restart')) publish('restart', { ...of(subject), ...streams });
}

/** @param error called only if somebody subscribes */
export function reportSendFailed(subject: Subject, error: () => SendFailedError): void {
  totals.failedMessages++;
  if (isSubscribed('sendFailed')) {
    publish('sendFailed', { ...of(subject), error: error() });
  }
}

export function reportPathChange(subject: Subject, change: PathChange): void {
  if (isSubscribed('pathChange')) publish('pathChange', { ...of(subject), ...change });
}

/** @param info absent once the peer acknowledges again */
export function reportStall(subject: Subject, info: StallInfo | undefined): void {
  if (!isSubscribed('stall')) return;
  publish('stall', { ...of(subject), stalled: info !== undefined, ...info });
}
