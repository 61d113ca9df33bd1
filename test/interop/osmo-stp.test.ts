/** examples/asp.js and osmo-stp, which is somebody else's M3UA signalling gateway. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Program, start } from '../support/child';
import { defer } from '../support/cleanup';
import { example } from '../support/examples';
import { describeSctp } from '../support/sctp';

/**
 * It takes ASPs that register what they serve; and it knows two, by their ports, that serve 3.3.3
 * (routing context 10) and one of which is active at a time, and two that share 4.4.4 (context 20).
 */
const configuration = `
log stderr
 logging level set-all notice
line vty
 no login
cs7 instance 0
 xua rkm routing-key-allocation dynamic-permitted
${[3001, 3002, 3003, 3004]
  .map((port) => ` asp asp-${String(port)} ${String(port)} 2905 m3ua\n  remote-ip 127.0.0.1\n`)
  .join('')}
 as as-override m3ua
  asp asp-3001
  asp asp-3002
  routing-key 10 3.3.3
  traffic-mode override
 as as-loadshare m3ua
  asp asp-3003
  asp asp-3004
  routing-key 20 4.4.4
  traffic-mode loadshare
 route-table system
  update route 3.3.3 7.255.7 linkset as-override
  update route 4.4.4 7.255.7 linkset as-loadshare
 listen m3ua 2905
  accept-asp-connections dynamic-permitted
  local-ip 127.0.0.1
`;

function osmoStp(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'osmo-stp-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'osmo-stp.cfg');
  writeFileSync(path, configuration);
  const program = start('osmo-stp', ['-c', path]);
  // It listens for ASPs before it does for its operator's commands, and then says so.
  return new Promise((resolve, reject) => {
    let log = '';
    program.process.stderr.on('data', (text) => {
      log += String(text);
      if (log.includes('Available via telnet')) resolve(program);
    });
    program.ended.then((end) => {
      reject(new Error(`osmo-stp ended: ${JSON.stringify(end)}`));
    }, reject);
  });
}

const asp = (...args: string[]): Program => example('asp.js', args);
const known = (context: string, own: string, port: number, mode: string): Program =>
  asp('--own', own, '--static', '--context', context, '--local-port', String(port), '--mode', mode);

const linesOf = (output: string): string[] =>
  output.split('\n').filter((line) => line.includes(' says '));

/** What an ASP has printed of messages. */
const messagesIn = async ({ process: child, ended }: Program): Promise<string[]> => {
  child.kill();
  const { stdout, stderr } = await ended;
  expect(stderr).toBe('');
  return linesOf(stdout);
};

describeSctp('the ASP example and osmo-stp', () => {
  test('it registers, is active, exchanges DATA and BEATs, and leaves in order', async () => {
    await osmoStp();
    // Without an answer to its BEATs it would end the association by the third.
    const [first, second] = [asp('--own', '1.1.1', '--beat', '100'), asp('--own', '2.2.2')];
    await Promise.all([first, second].map((program) => program.printed(/: active$/m)));
    await first.printed(/2905: notified of AS_ACTIVE$/m);
    first.say('2.2.2 hello');
    await second.printed(/^1\.1\.1 says \(SLS 0\): hello$/m);
    second.say('1.1.1 hello yourself');
    await first.printed(/^2\.2\.2 says \(SLS 0\): hello yourself$/m);
    first.say('down');
    await first.printed(/: active\n(.*\n)*.*: inactive\n(.*\n)*.*: down\n/m);
    first.process.stdin.end();
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('override: one is active, and the other takes over when it goes', async () => {
    await osmoStp();
    const sender = asp('--own', '1.1.1');
    await sender.printed(/: active$/m);
    const first = known('10', '3.3.3', 3001, 'override');
    await first.printed(/: active$/m);
    const second = known('10', '3.3.3', 3002, 'override');
    await second.printed(/: active$/m);
    await first.printed(/notified of ALTERNATE_ASP_ACTIVE\n.*: inactive$/m);
    sender.say('3.3.3 to the second');
    await second.printed(/^1\.1\.1 says \(SLS 0\): to the second$/m);
    second.process.kill('SIGKILL');
    await first.printed(/notified of AS_PENDING\n(.*\n)*.*: active$/m);
    sender.say('3.3.3 to the first');
    await first.printed(/^1\.1\.1 says \(SLS 1\): to the first$/m);
    expect(await messagesIn(first)).toEqual(['1.1.1 says (SLS 1): to the first']);
  });

  test('loadshare: each gets a part, and killing the gateway gives reconnection', async () => {
    const gateway = await osmoStp();
    const sender = asp('--own', '1.1.1');
    const sharing = [3003, 3004].map((port) => known('20', '4.4.4', port, 'loadshare'));
    await Promise.all([sender, ...sharing].map((program) => program.printed(/: active$/m)));
    for (let number = 0; number < 8; number++) sender.say(`4.4.4 message ${String(number)}`);
    await Promise.all(sharing.map((program) => program.printed(/says/)));
    // What the gateway has not passed on when it is killed is lost.
    const passedOn = (): number => sharing.flatMap((program) => linesOf(program.output())).length;
    while (passedOn() < 8) await new Promise((resolve) => setTimeout(resolve, 20));

    gateway.process.kill('SIGKILL');
    await sender.printed(/: active\n(.*\n)*.*: down\n.*connecting again in \d+ ms$/m);
    await sender.printed(/connect ECONNREFUSED 127\.0\.0\.1:2905$/m);
    await gateway.ended;
    await osmoStp();
    await sender.printed(/ECONNREFUSED(.*\n)*.*: active$/m);
    await Promise.all(sharing.map((program) => program.printed(/: down\n(.*\n)*.*: active$/m)));
    sender.say('4.4.4 once more');
    await Promise.race(sharing.map((program) => program.printed(/once more/)));
    const messages = await Promise.all(sharing.map(messagesIn));
    expect(messages.flat().length).toBe(9);
  });
});
