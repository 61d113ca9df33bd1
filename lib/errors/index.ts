/** Errors: Node's own codes for bad arguments, Node's shape for system errors, and ours. */
export { type Coded, show } from './coded';
export * from './arguments';
export * from './system';
export * from './state';
export * from './support';
export * from './sctp';
export * from './reconfiguration';
export * from './endpoint';
export * from './suggestion';
