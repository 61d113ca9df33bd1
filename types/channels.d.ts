/// <reference types="node" />
// What an IDE loads for `require('kernel-sctp/channels')`.
export * from '../dist/channels/index';
