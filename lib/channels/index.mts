// The same exports for `import`, by name and as one object.
export * from './index.js';
export { default } from './index.js';
