// What TypeDoc reads, from build/site/entry. The classes themselves, not what makes them callable without `new`.
export * from '../../../types/index';
export { Server } from '../../../dist/server/server';
export { Socket } from '../../../dist/socket/socket';
