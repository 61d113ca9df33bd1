/// <reference types="node" />
// What an IDE loads for `require`.
export * from '../dist/index';
