/** What endpoints and their associations are to the parts that emit their events. */
import type { EndpointAssociationEvents } from '../../types/endpoint';
import type { WithEvents } from '../../types/events';
import { ObservedEmitter } from './observed-emitter';

/** Events of associations that are the endpoint's, too. */
export const FORWARDED_EVENTS: ReadonlySet<string> = new Set([
  'message',
  'notification',
  'sendFailed',
]);

export const AssociationEmitter = ObservedEmitter as WithEvents<
  typeof ObservedEmitter,
  EndpointAssociationEvents
>;
export type AssociationEmitter = InstanceType<typeof AssociationEmitter>;
