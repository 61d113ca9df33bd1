/**
 * Further views of a notification, `parsed` and `interpreted`, which cost nothing until they are
 * read. They are properties of its own, so that copies have them too: JSON, structuredClone, {...}.
 */
import { inspect, type InspectOptionsStylized } from 'node:util';

import type { Notification } from '../../types/notifications';
import { binding } from '../binding';
import { interpret } from './interpret';

/** A notification whose views were not added yet. */
export type Viewless = WithoutViews<Notification>;
type WithoutViews<Type> = Type extends Notification ? Omit<Type, 'parsed' | 'interpreted'> : never;

type View = keyof Pick<Notification, 'parsed' | 'interpreted'>;

const views: Record<View, (notification: Notification) => unknown> = {
  parsed: ({ raw }) => binding.parseNotification(raw),
  interpreted: interpret,
};

/** Makes the view when it is read, and keeps it. */
function lazily(view: View): PropertyDescriptor & ThisType<Notification> {
  return {
    enumerable: true,
    configurable: true,
    get() {
      const value = views[view](this);
      Object.defineProperty(this, view, { value, enumerable: true });
      return value;
    },
  };
}

const lazyViews = { parsed: lazily('parsed'), interpreted: lazily('interpreted') };

/** How `console.log` shows it: without the views that only repeat it. */
const kind = {
  [inspect.custom](this: Notification, _depth: number, options: InspectOptionsStylized): string {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- they are what is left out
    const { raw, parsed, ...shown } = this;
    return `Notification ${inspect(shown, options)}`;
  },
};

export function addViews(notification: Viewless): Notification {
  Object.setPrototypeOf(notification, kind);
  return Object.defineProperties(notification, lazyViews) as Notification;
}
