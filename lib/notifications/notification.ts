/** From the native side's notifications to those that users get. */
import type { NativeNotification } from '../../types/native-values';
import type { Notification } from '../../types/notifications';
import { describeCause } from '../causes';
import {
  assocChangeStates,
  authenticationIndications,
  partialDeliveryIndications,
  peerAddrChangeStates,
} from './names';
import { rawOf } from './events';
import { addViews, type Viewless } from './views';

export function toNotification(native: NativeNotification): Notification {
  return addViews(named({ ...native, raw: native.raw ?? rawOf(native) }));
}

/** Numbers become words. */
function named(native: NativeNotification & { raw: Buffer }): Viewless {
  switch (native.type) {
    case 'assocChange':
      return {
        ...native,
        state: assocChangeStates[native.state] ?? 'unknown',
        causes: native.causes.map(describeCause),
      };
    case 'peerAddrChange':
      return { ...native, state: peerAddrChangeStates[native.state] ?? 'unknown' };
    case 'partialDelivery':
      return {
        ...native,
        indication: partialDeliveryIndications[native.indication] ?? 'unknown',
      };
    case 'authentication':
      return { ...native, indication: authenticationIndications[native.indication] ?? 'unknown' };
    default:
      return { ...native };
  }
}
