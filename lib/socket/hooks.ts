/**
 * What the layers of Socket call on each other. Symbols, so that the methods which users add to
 * their own subclasses cannot collide with them.
 */
export const setReceiving = Symbol('setReceiving');
export const deliver = Symbol('deliver');
export const limitReadAhead = Symbol('limitReadAhead');
export const endReading = Symbol('endReading');
export const isAbandoned = Symbol('isAbandoned');
export const whenRead = Symbol('whenRead');
export const claim = Symbol('claim');
export const onOwnerDestroyed = Symbol('onOwnerDestroyed');
export const dropUnread = Symbol('dropUnread');
export const lossError = Symbol('lossError');
export const onNotification = Symbol('onNotification');
export const onListeners = Symbol('onListeners');
export const onGone = Symbol('onGone');
export const onSettled = Symbol('onSettled');
export const subscriptions = Symbol('subscriptions');
export const onAccepted = Symbol('onAccepted');
export const failWritten = Symbol('failWritten');
export const onActivity = Symbol('onActivity');
export const onSendBroken = Symbol('onSendBroken');
export const onEnd = Symbol('onEnd');
export const onHopelessWrite = Symbol('onHopelessWrite');
export const isBegun = Symbol('isBegun');
export const limits = Symbol('limits');
export const startSending = Symbol('startSending');
export const reloadDefaults = Symbol('reloadDefaults');
export const flushOutbox = Symbol('flushOutbox');
export const failOutbox = Symbol('failOutbox');
export const sendFailure = Symbol('sendFailure');
export const config = Symbol('config');
export const reset = Symbol('reset');
export const openNative = Symbol('openNative');
export const onLocalChange = Symbol('onLocalChange');
export const transport = Symbol('transport');
export const adopt = Symbol('adopt');
export const isOver = Symbol('isOver');
export const onConnecting = Symbol('onConnecting');
export const onConnected = Symbol('onConnected');
export const onConnectFailed = Symbol('onConnectFailed');
export const onDestroy = Symbol('onDestroy');
export const discard = Symbol('discard');
export const renew = Symbol('renew');
export const onOver = Symbol('onOver');
export const onClosed = Symbol('onClosed');
