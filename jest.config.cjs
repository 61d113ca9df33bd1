// Jest runs what TypeScript has compiled to build/test: transforming inside a test kernel is slow.
const suite = (name) => ({
  displayName: name,
  roots: [`<rootDir>/build/test/${name}`],
  testEnvironment: 'node',
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/build/test/support/setup.js'],
});

module.exports = {
  watchman: false,
  // A lost message would hang a test for ever; the test kernels are slow, so be generous.
  testTimeout: 60_000,
  // Needs a kernel with SCTP: all but unit and channels.
  projects: [
    'unit',
    'channels',
    'datagram',
    'socket',
    'endpoint',
    'interop',
    'lifecycle',
    'package',
  ].map(suite),
};
