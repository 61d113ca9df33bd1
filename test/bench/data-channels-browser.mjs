// Data channels between Node and Chromium through werift's DTLS: kernel-sctp/channels and werift's
// own SCTP. scripts/bench-engine --browser runs it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const { RTCPeerConnection } = require('werift');
const { answerTo } = require('../../examples/browser.js');
const { Chromium } = require('../../build/test/foreign/chromium.js');
const pageSource = readFileSync(new URL('../foreign/page.js', import.meta.url), 'utf8');

const SIZE = 16_384;
const COUNT = 1000;
const ROUNDS = 5;
const WAITING = 1_000_000; // bytes that may be buffered at the sender

/** Both are given an offer, and return { answer, channel: the browser's, close }. */
const stacks = {
  async ours(offer) {
    let onChannel;
    const channel = new Promise((resolve) => (onChannel = resolve));
    const answered = await answerTo(offer, (association) => {
      association.on('datachannel', (made) => {
        if (made.label === 'bench') onChannel(made);
      });
    });
    return { ...answered, channel };
  },

  async werift(offer) {
    const connection = new RTCPeerConnection();
    const sdp = offer.replace(/^a=candidate:.*\.local .*\r\n/gm, '');
    await connection.setRemoteDescription({ type: 'offer', sdp });
    connection.sctpTransport.dtlsTransport.iceTransport.connection.stunServer = undefined;
    const channel = new Promise((resolve) => {
      connection.onDataChannel.subscribe((made) => {
        if (made.label !== 'bench') return;
        const on = (_, listener) => made.onMessage.subscribe(listener);
        resolve({
          send: (data) => made.send(data),
          on,
          get bufferedAmount() {
            return made.bufferedAmount;
          },
        });
      });
    });
    await connection.setLocalDescription(await connection.createAnswer());
    return {
      answer: connection.localDescription.sdp,
      channel,
      close: () => connection.close(),
    };
  },
};

const directions = {
  /** From Node to the browser. */
  async up(page, channel, count) {
    await page.evaluate(`received.get('bench').length = 0`);
    const arrived = page.evaluate(
      `until(channels.get('bench'), ['message'], () => received.get('bench').length >= ${count})`,
    );
    const data = Buffer.alloc(SIZE, 7);
    for (let i = 0; i < count; i++) {
      while (channel.bufferedAmount > WAITING) await nextTurn();
      channel.send(data);
    }
    await arrived;
  },

  async down(page, channel, count) {
    let left = count;
    const arrived = new Promise((resolve) => {
      channel.on('message', () => {
        if (--left === 0) resolve();
      });
    });
    await page.evaluate(`(async () => {
      const channel = channels.get('bench');
      channel.bufferedAmountLowThreshold = ${WAITING / 2};
      const data = new Uint8Array(${SIZE});
      for (let i = 0; i < ${count}; i++) {
        await until(channel, ['bufferedamountlow'], () => channel.bufferedAmount <= ${WAITING});
        channel.send(data);
      }
    })()`);
    await arrived;
  },
};

async function measure(browser, stack, direction) {
  const page = await browser.open();
  await page.evaluate(pageSource);
  const { answer, channel, close } = await stacks[stack](await page.evaluate('peer.offer()'));
  await page.evaluate(`peer.accept(${JSON.stringify(answer)})`);
  await page.evaluate(`peer.open('bench', {})`);
  const end = await channel;
  await directions[direction](page, end, COUNT / 4); // warm
  const before = process.cpuUsage();
  const begun = performance.now();
  await directions[direction](page, end, COUNT);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  await close();
  await page.close();
  const megabytes = (SIZE * COUNT) / 1e6;
  return { wall: megabytes / seconds, cpu: megabytes / ((user + system) / 1e6) };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

const browser = new Chromium();
for (const direction of Object.keys(directions)) {
  const rates = { ours: [], werift: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const stack of Object.keys(stacks)) {
      rates[stack].push(await measure(browser, stack, direction));
    }
  }
  const of = (stack, kind) => median(rates[stack].map((rate) => rate[kind]));
  for (const stack of Object.keys(stacks)) {
    console.log(
      `Chromium, ${direction.padEnd(4)}, ${stack.padEnd(6)}: 16 KB ` +
        `${of(stack, 'wall').toFixed(1).padStart(6)} MB/s ${of(stack, 'cpu').toFixed(1).padStart(6)} MB/cpu-s`,
    );
  }
  const times = (kind) => (of('ours', kind) / of('werift', kind)).toFixed(1);
  console.log(
    `Chromium, ${direction}: ${times('wall')} times werift's, by CPU ${times('cpu')} times`,
  );
}
await browser.close();
process.exit();
