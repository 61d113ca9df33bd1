/** What the documentation says of default buffers is what sockets ask for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEFAULT_RCV_BUF } from '#lib/options/receive-window';
import { projectRoot } from '../support/child';

const page = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');
const inMiB = `${String(DEFAULT_RCV_BUF / 1024 ** 2)} MiB`;

test.each([
  ['README.md', `net.core.rmem_max=${String(DEFAULT_RCV_BUF)}`],
  ['README.md', `${inMiB} to receive`],
  ['docs/tuning.md', `net.core.rmem_max=${String(DEFAULT_RCV_BUF)}`],
  ['docs/options.md', `\`rcvBuf\` to ${inMiB}`],
  ['docs/security.md', `\`sctp.rcvBuf\` (${inMiB} asked for)`],
])('%s: %s', (name, text) => {
  expect(page(name)).toContain(text);
});
