/**
 * How rows lie in the memory that is shared with the native side (see types/native.d.ts), known
 * without loading the addon. A test compares each table with the addon's.
 */
import type { NativeBinding } from '../types/native';

export const firstRow = 4;

export const rowKinds: NativeBinding['rowKinds'] = {
  message: 0,
  largeMessage: 1,
  tooLarge: 2,
  incomplete: 3,
  notification: 4,
  peer: 5,
  slab: 6,
  error: 7,
  end: 8,
};

export const rowColumns: NativeBinding['rowColumns'] = {
  kind: 0,
  offset: 1,
  length: 2,
  peer: 3,
  assocId: 4,
  sid: 5,
  flags: 6,
  ppid: 7,
  context: 8,
  ssn: 9,
  tsn: 10,
  cumulativeTsn: 11,
  count: 12,
};

export const firstSendRow = 4;
export const longestBurst = 256;

export const sendColumns: NativeBinding['sendColumns'] = {
  offset: 0,
  length: 1,
  sid: 2,
  ppid: 3,
  flags: 4,
  context: 5,
  prPolicy: 6,
  prValue: 7,
  authKey: 8,
  assocId: 9,
  isDefault: 10,
  isSame: 11,
  count: 12,
};

export const engineRowKinds: NativeBinding['engineRowKinds'] = {
  message: 0,
  largeMessage: 1,
  messageFailed: 2,
  connected: 3,
  restarted: 4,
  drained: 5,
  bufferedAmountLow: 6,
  incomingStreamsReset: 7,
  outgoingStreamsReset: 8,
  resetAnswered: 9,
  streamsAdded: 10,
  peerShutdown: 11,
  errorReceived: 12,
  closed: 13,
};

export const engineRowColumns: NativeBinding['engineRowColumns'] = {
  kind: 0,
  offset: 1,
  length: 2,
  sid: 3,
  ppid: 4,
  code: 5,
  flag: 6,
  context: 7,
  count: 8,
};
