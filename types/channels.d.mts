/// <reference types="node" />
// What an IDE loads for `import … from 'kernel-sctp/channels'`.
export * from '../dist/channels/index.mjs';
export { default } from '../dist/channels/index.mjs';
