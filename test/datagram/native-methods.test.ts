/** The addon's own methods, whatever they are called on and with: no crash and no hang. */
import { binding } from '#lib/binding';
import { applyOptions } from '#lib/options/apply-options';
import { getOption } from '#lib/options/options';

import { LOCALHOST, OneToMany } from '../support/associations';
import { startNode } from '../support/child';
import { closing } from '../support/cleanup';
import { describeSctp } from '../support/sctp';

describeSctp('every exported method and class', () => {
  test('with any this, any values, in any order', async () => {
    const source = "require('./build/test/lifecycle/programs/native-calls')";
    const ended = await startNode(source, { args: ['--expose-gc'] }).ended;
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringMatching(/^seed \d+\ndone\n$/) as string,
      stderr: '',
    });
  }, 120_000);
});

describeSctp('receiving from many', () => {
  const LENGTH = 200_000;
  const MEBIBYTE = 1024 * 1024;

  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise(setImmediate);
  };

  test('one call brings all parts of long messages, after long ones, too', async () => {
    const socket = closing(new binding.SeqpacketSocket(MEBIBYTE));
    expect(socket.open(4)).toBe(0);
    applyOptions(socket, { rcvBuf: MEBIBYTE });
    for (const step of [socket.bind(LOCALHOST, 0), socket.listen(5)]) expect(step).toBe(0);
    let received = 0;
    socket.onBatch = (count) => {
      received += count;
      binding.rows[0] = count;
    };
    const peer = new OneToMany(LOCALHOST, { sndBuf: MEBIBYTE });
    const port = socket.localAddress()?.port ?? 0;
    /** Sends messages, waits until the kernel has them, and has them received. */
    const receive = async (messages: number): Promise<void> => {
      for (let i = 0; i < messages; i++) peer.send(LOCALHOST, port, 'x'.repeat(LENGTH));
      await until(() => {
        const [assocId] = peer.socket.associationIds() as number[];
        if (assocId === undefined) return false;
        const { state, unackData, pendData } = getOption(peer.socket, 'status', undefined, {
          assocId,
        });
        return state === 'established' && unackData + pendData === 0;
      });
      socket.receive();
    };
    await receive(1);
    const before = received;
    await receive(2);
    expect(received - before).toBe(2);
  });
});
