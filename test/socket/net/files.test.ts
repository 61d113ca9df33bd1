/** Streams that are not ours at both ends: files, lines of text. */
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { defer } from '../../support/cleanup';
import { noise } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  defer(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

describeSctp('pipeline', () => {
  test('from a file through two sockets to a file', async () => {
    const where = folder();
    const [source, copy] = [join(where, 'source'), join(where, 'copy')];
    const content = noise(5_000_001);
    writeFileSync(source, content);
    const { client, peer } = await connectedPair();
    const closed = Promise.all([once(client, 'close'), once(peer, 'close')]);
    client.resume(); // its own end
    await Promise.all([
      pipeline(createReadStream(source), client),
      pipeline(peer, createWriteStream(copy)),
    ]);
    expect(readFileSync(copy).equals(content)).toBe(true);
    expect(await closed).toEqual([[false], [false]]);
  });

  test('there and back through an echo, with little room everywhere', async () => {
    const small = { highWaterMark: 1000, sctp: { sndBuf: 20_000, rcvBuf: 100_000 } };
    const { client, peer } = await connectedPair({ server: small, client: small });
    const content = noise(300_000);
    let length = 0;
    const echo = pipeline(peer, new PassThrough(), peer);
    echo.catch(() => undefined); // the client is destroyed in the end
    const done = (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of client) {
        chunks.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length === content.length) break;
      }
      return Buffer.concat(chunks);
    })();
    for (let start = 0; start < content.length; start += 10_000) {
      if (!client.write(content.subarray(start, start + 10_000))) await once(client, 'drain');
    }
    expect((await done).equals(content)).toBe(true);
  });

  test('a source that fails aborts the association', async () => {
    const { client, peer } = await connectedPair();
    const source = new PassThrough();
    const failed = pipeline(source, client);
    const lost = once(peer, 'error');
    peer.once('data', () => source.destroy(new Error('no more')));
    source.write('some');
    await expect(failed).rejects.toThrow('no more');
    expect(await lost).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  });
});

describeSctp('readline', () => {
  test('makes lines of messages, whatever their boundaries', async () => {
    const { client, peer } = await connectedPair();
    client.resume();
    for (const part of ['one\ntw', 'o\n', 'three\nfour']) client.write(part);
    client.end();
    const lines: string[] = [];
    for await (const line of createInterface({ input: peer })) lines.push(line);
    expect(lines).toEqual(['one', 'two', 'three', 'four']);
  });

  test('asks and answers', async () => {
    const { client, peer } = await connectedPair();
    const prompt = createInterface({ input: peer, output: peer, terminal: false });
    defer(() => {
      prompt.close();
    });
    const answer = new Promise<string>((resolve) => {
      prompt.question('name? ', resolve);
    });
    expect(String(await once(client, 'data'))).toBe('name? ');
    client.write('sctp\n');
    expect(await answer).toBe('sctp');
  });
});
