// Jest runs what TypeScript has compiled to build/test: transforming inside a test kernel is slow.
const suite = (name) => ({
  displayName: name,
  roots: [`<rootDir>/build/test/${name}`],
  testEnvironment: 'node',
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/build/test/support/setup.js'],
});

// Suites of `socket` that need nothing of the kernel, on the engine in user space.
const { runs } = require('./test/support/user-engine-suites.json');
const userEngine = {
  ...suite('socket'),
  displayName: 'user-engine',
  testMatch: runs.map((name) => `<rootDir>/build/test/socket/${name}.test.js`),
  setupFiles: ['<rootDir>/build/test/support/user-engine.js'],
};

module.exports = {
  watchman: false,
  // A lost message would hang a test for ever; the test kernels are slow, so be generous.
  testTimeout: 60_000,
  // Needs a kernel with SCTP: all but unit, channels, engine, install, user-engine and foreign.
  projects: [
    ...[
      'unit',
      'channels',
      'engine',
      'install',
      'datagram',
      'socket',
      'endpoint',
      'interop',
      'lifecycle',
      'package',
      'cli',
      'foreign',
    ].map(suite),
    userEngine,
  ],
};
