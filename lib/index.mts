// The same exports for `import`.
export * from './index.js';
