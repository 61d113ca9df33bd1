/** The option `notifications`: which types 'notification' reports. */
import type { Notification, NotificationType } from '../../types/notifications';
import type { NotificationNumbers } from '../../types/native-values';
import { invalidArgType } from '../errors';
import { checkOneOf } from '../validate';
import { notificationTable, notificationTypes } from './table';

export type NotificationChoice = ReadonlySet<NotificationType>;

const byDefault: NotificationChoice = new Set(
  notificationTypes.filter((type) => notificationTable[type].subscribed !== 'asked'),
);
const all: NotificationChoice = new Set(notificationTypes);

export function checkNotifications(name: string, value: unknown): NotificationChoice {
  if (value === undefined || value === null) return byDefault;
  if (value === 'all') return all;
  if (!Array.isArray(value)) throw invalidArgType(name, "'all' or an instance of Array", value);
  return new Set(
    // Unlike map() it sees holes.
    Array.from(value as unknown[], (type, index) =>
      checkOneOf(`${name}[${String(index)}]`, type, notificationTypes),
    ),
  );
}

/** Unknown types cannot be chosen, but may be what a listener looks for. */
export function isChosen(choice: NotificationChoice, type: Notification['type']): boolean {
  return type === 'unknown' || choice.has(type);
}

/** Types to subscribe to, beyond those that every socket has from the start. */
export function numbersOf(choice: NotificationChoice): number[] {
  return [...choice]
    .map((type) => notificationTable[type])
    .filter(({ subscribed }) => subscribed !== 'always')
    .map(({ number }) => number);
}

/** What a socket subscribes to before it has an association, when no listener may be there yet. */
export function earlyNumbers(choice: NotificationChoice): NotificationNumbers {
  let numbers = early.get(choice);
  if (numbers === undefined) {
    numbers = Uint16Array.from(new Set([...numbersOf(byDefault), ...numbersOf(choice)]));
    early.set(choice, numbers);
  }
  return numbers;
}

/** The sockets of one server have one choice. */
const early = new WeakMap<NotificationChoice, NotificationNumbers>();
