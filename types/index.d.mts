// What an IDE loads for `import`.
export * from '../dist/index.mjs';
