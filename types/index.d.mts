/// <reference types="node" />
// What an IDE loads for `import`.
export * from '../dist/index.mjs';
export { default } from '../dist/index.mjs';
