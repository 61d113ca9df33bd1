/** `presets`: every value is taken by the kernel, and inherited from the server. */
import { open, presets, type ReadableOptionName, type SctpOptions } from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

const names = Object.keys(presets) as (keyof typeof presets)[];

describeSctp('the preset', () => {
  test.each(names)('%s', async (name) => {
    const sctp: SctpOptions = presets[name];
    const { client, peer } = await connectedPair({ client: { sctp }, server: { sctp } });
    const handle = closing(open({ host: '127.0.0.1', sctp }, () => undefined));
    for (const [option, value] of Object.entries(sctp) as [
      keyof SctpOptions & ReadableOptionName,
      unknown,
    ][]) {
      const expected: unknown =
        typeof value === 'object' ? expect.objectContaining(value as object) : value;
      for (const socket of [client, peer]) {
        expect({ [option]: socket.getOption(option) }).toEqual({ [option]: expected });
      }
      expect({ [option]: handle.getOption(option) }).toEqual({ [option]: expected });
    }
  });

  test('sigtran gives the paths as many retransmissions as the association', () => {
    const { assocInfo, peerAddrParams } = presets.sigtran;
    expect(assocInfo.asocMaxRxt).toBeLessThanOrEqual(2 * peerAddrParams.pathMaxRxt);
  });

  test('can be changed in a copy', async () => {
    const sctp = { ...presets.ran, noDelay: false };
    const { client } = await connectedPair({ client: { sctp } });
    expect(client.getOption('noDelay')).toBe(false);
    expect(client.getOption('rtoInfo')).toMatchObject(presets.ran.rtoInfo);
  });
});
