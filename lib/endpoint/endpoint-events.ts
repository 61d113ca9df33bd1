/** The events of an endpoint, with the class of its associations. */
import type { EndpointEventMap } from '../../types/endpoint';
import type { WithEvents } from '../../types/events';
import type { EndpointAssociation } from './endpoint-association';
import { ObservedEmitter } from './observed-emitter';

/** The arguments that each event's listeners get. */
export type EndpointEvents = EndpointEventMap<EndpointAssociation>;

export const EndpointEmitter = ObservedEmitter as WithEvents<
  typeof ObservedEmitter,
  EndpointEvents
>;
export type EndpointEmitter = InstanceType<typeof EndpointEmitter>;
