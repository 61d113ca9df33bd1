/** docs/telecom.md says how soon each preset notices a failure; so does docs/protocols.md of one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { presets } from 'kernel-sctp';

import { projectRoot } from '../support/child';
import { detectionTimes } from '../support/detection-times';

const page = (name: string) => readFileSync(join(projectRoot, 'docs', name), 'utf8');

/** What Linux does by default is known: 363 s for the last path that messages are sent over. */
test('the defaults of RFC 9260', () => {
  expect(detectionTimes({})).toEqual(detectionTimes(presets.rfc9260));
  expect(detectionTimes(presets.rfc9260)).toMatchObject({
    // A time-out, a heartbeat that counts for nothing, and five that count, each 1.5 RTO.
    busyPath: 1000 + 1.5 * (2000 + 2000 + 4000 + 8000 + 16_000 + 32_000),
    busyAssociation: 363_000,
  });
});

test('one error allowed: no potentially failed path, and heartbeats keep their pause', () => {
  const sctp = {
    rtoInfo: { initial: 100, min: 100, max: 400 },
    peerAddrParams: { hbInterval: 200, pathMaxRxt: 1 },
    assocInfo: { asocMaxRxt: 4 },
  };
  // 350 for the heartbeat that is not answered, 350 for the first error, 500 for the second.
  expect(detectionTimes(sctp)).toMatchObject({
    busyPath: 300,
    idlePath: 1200,
    busyAssociation: 1500,
  });
});

test('the example of docs/multihoming.md', () => {
  const sctp = {
    rtoInfo: { initial: 100, min: 100, max: 400 },
    peerAddrParams: { hbInterval: 200, pathMaxRxt: 2 },
    assocInfo: { asocMaxRxt: 4 },
  };
  const { busyPath, idlePath, busyAssociation, idleAssociation } = detectionTimes(sctp);
  const path = inWords(Math.max(busyPath, idlePath));
  const association = inWords(Math.max(busyAssociation, idleAssociation));
  expect(page('multihoming.md')).toContain(
    `}; // a path fails within ${path}, an association without any within ${association} `,
  );
});

/** One or two figures: 0.1 s, 1.3 s, 63 s, 2 min 36 s. */
function inWords(ms: number): string {
  const seconds = ms < 9_950 ? Math.ceil(ms / 100) / 10 : Math.ceil(ms / 1000);
  if (seconds < 100) return `${String(seconds)} s`;
  const rest = seconds % 60;
  return `${String(Math.floor(seconds / 60))} min${rest === 0 ? '' : ` ${String(rest)} s`}`;
}

test('the table of docs/telecom.md', () => {
  const rows = Object.entries(presets).map(([name, sctp]) => {
    const times = Object.values(detectionTimes(sctp) as object) as number[];
    return `${name}: ${times.map(inWords).join(', ')}`;
  });
  const table =
    /<!-- detection -->\n(.*?)<!-- \/detection -->/s.exec(page('telecom.md'))?.[1] ?? '';
  const printed = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map(([name = '', ...cells]) => {
      return `${name.trim().replaceAll('`', '')}: ${cells.map((cell) => cell.trim()).join(', ')}`;
    });
  expect(printed).toEqual(rows);
});

test('the sum of retransmissions that docs/telecom.md asks for', () => {
  const { assocInfo, peerAddrParams } = presets.sigtran;
  expect(assocInfo.asocMaxRxt).toBeLessThanOrEqual(2 * peerAddrParams.pathMaxRxt);
});
