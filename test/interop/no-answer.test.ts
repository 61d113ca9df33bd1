/** Connecting to a host that never answers: the kernel would say so after minutes. */
import { twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { start } from '../support/child';

describeSctp('a host that does not answer', () => {
  test('connectTimeout gives up; without a route too; nothing stays open', async () => {
    const { a } = await twoHosts();
    await a.ip('route', 'add', 'blackhole', '192.0.2.0/24');
    await a.shape('eth0', 'netem', 'loss', '100%');
    const source = `
      const { connect } = require('kernel-sctp');
      const { readdirSync } = require('node:fs');
      const descriptors = () => readdirSync('/proc/self/fd').length;
      process.stdout.write('');
      setTimeout(() => {
        const before = descriptors();
        let left = 3;
        for (const host of ['10.0.0.2', '192.0.2.1', '198.51.100.1']) {
          const socket = connect({ host, port: 5000, connectTimeout: 300 });
          socket.on('error', ({ code, message }) => {
            console.log(host, code, message);
          });
          socket.on('close', (hadError) => {
            if (--left === 0) console.log('left', descriptors() - before, hadError);
          });
        }
      }, 10);`;
    const [command, ...args] = [...a.prefix, process.execPath, '-e', source];
    const ended = await start(command, args).ended;
    const [last, ...lines] = ended.stdout.trimEnd().split('\n').reverse();
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(last).toBe('left 0 true');
    const timedOut = (host: string): string =>
      `${host} ERR_SCTP_CONNECT_TIMEOUT connect ${host}:5000: no answer within connectTimeout (300 ms)`;
    expect(lines).toContain(timedOut('10.0.0.2'));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/ERR_SCTP_CONNECT_TIMEOUT|ENETUNREACH|EINVAL/);
  });
});
