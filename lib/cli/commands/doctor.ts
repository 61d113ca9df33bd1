/** `doctor`: whether this machine is ready, and whether a peer answers. */
import { command } from '../command';
import type { Finding } from '../doctor/check';
import { checkKernel } from '../doctor/kernel';
import { probePeer } from '../doctor/probe';
import { checkSettings } from '../doctor/settings';
import type { Paint } from '../io';
import { table } from '../table';
import { duration, hostAndPort } from '../values';

export const doctor = command({
  name: 'doctor',
  summary: 'whether this machine is ready for SCTP, and whether a peer answers',
  operands: ['[HOST:PORT]'],
  description: [
    'Looks at the kernel, its module, limits and settings, and says what to do about what it finds.',
    'With HOST:PORT it also connects from each address of this machine to each address of the peer, ' +
      'one after another. Nothing is sent but the handshake and an ABORT.',
  ],
  options: {
    timeout: {
      type: 'string',
      short: 't',
      value: 'TIME',
      help: 'How long to wait for each answer, like 500ms or 3s (default 2s).',
    },
    json: { type: 'boolean', help: 'One JSON object.' },
  },
  examples: ['kernel-sctp doctor', 'kernel-sctp doctor 192.0.2.10:2905'],
  statuses: { 1: 'if something does not work' },
  async run({ io, values, operands: [peer] }) {
    const timeout = duration(values.timeout ?? '2s', '--timeout');
    const target = peer === undefined ? undefined : hostAndPort(peer);
    const findings = [...checkKernel(), ...checkSettings()];
    const works = !findings.some(({ verdict }) => verdict === 'failure');
    if (target !== undefined && works) {
      findings.push(...(await probePeer(target, timeout, io.interrupted)));
    }
    const healthy = !findings.some(({ verdict }) => verdict === 'failure');
    if (values.json === true) io.print(JSON.stringify({ healthy, findings }));
    else for (const line of describe(findings, io.paint)) io.print(line);
    return healthy ? 0 : 1;
  },
});

function describe(findings: readonly Finding[], paint: Paint): string[] {
  const marks = { ok: paint.good('ok'), warning: paint.strong('note'), failure: paint.bad('FAIL') };
  const rows = table(findings.map(({ name, detail }) => [name, detail]));
  return findings.flatMap(({ verdict, remedy = [] }, at) => [
    `${marks[verdict]}${' '.repeat(6 - { ok: 2, warning: 4, failure: 4 }[verdict])}${rows[at] ?? ''}`,
    ...remedy.map((step) => `        ${paint.dim(`- ${step}`)}`),
  ]);
}
