// Compiled, not run: the same types for `import`.
import kernelSctp, { open, type OpenOptions, type OptionName, type SctpOptions } from 'kernel-sctp';

const sctp: SctpOptions = { rtoInfo: { initial: 100 }, initMsg: { numOstreams: 2 } };
const options: OpenOptions = { host: '::', port: 3565, maxMessageSize: 1000, copy: true, sctp };
const names: OptionName[] = ['sndBuf', 'rcvBuf', 'delayedSack'];
const { send, close } = open(options, (result) => {
  if (typeof result !== 'string') send(result[0], result[1], result[2]);
  else close();
});
console.log(names);
const server: kernelSctp.Server = kernelSctp.createServer().listen(0);
kernelSctp.connect(5).on('connect', () => server.close());
