// A front process with worker threads: one endpoint has all associations, and what a message asks for
// is done by workers, so that much work for one peer does not keep the others waiting.
//
//   node examples/front.js [PORT [WORKERS]]
//
// - All messages of one stream of one association go to one worker: their answers keep their order.
// - What is on its way to the workers is bounded: an association with much of it is paused, and the
//   kernel holds its peer back.
// - The answer to an association that is over by then is dropped; a worker that fails is replaced,
//   and those whose messages it had are aborted: they can tell that there will be no answer.
'use strict';
const { availableParallelism } = require('node:os');
const { isMainThread, parentPort, threadId, Worker } = require('node:worker_threads');

/** What takes time. Here: a sum over the bytes, and 'fail' to show what happens then. */
function work(text) {
  if (text === 'fail') throw new Error('a message that this program cannot bear');
  const sum = [...Buffer.from(text)].reduce((total, byte) => total + byte, 0);
  return `${text}: ${sum}, by thread ${threadId}`;
}

function runWorker() {
  parentPort.on('message', ({ id, sid, data }) => {
    const answer = work(Buffer.from(data).toString());
    parentPort.postMessage({ id, sid, data: Buffer.from(answer) });
  });
}

function runFront([port = '7001', count = String(availableParallelism())]) {
  const { createEndpoint } = require('kernel-sctp');
  const MOST_UNANSWERED = 64; // of one association

  const front = createEndpoint({ maxAssociations: 10_000 });
  /** By id: the association, and how many of its messages each worker has. */
  const peers = new Map();

  const workers = Array.from({ length: Number(count) }, (_, index) => startWorker(index));

  function startWorker(index) {
    const worker = new Worker(__filename);
    worker.on('message', ({ id, sid, data }) => settle(id, index, sid, Buffer.from(data)));
    worker.on('error', (error) => {
      console.log(`worker ${index} failed: ${error.message}`);
      workers[index] = startWorker(index);
      for (const { association, unanswered } of peers.values()) {
        if (unanswered[index] > 0) association.abort('the work could not be done');
      }
    });
    return worker;
  }

  function settle(id, index, sid, data) {
    const peer = peers.get(id);
    if (!peer) return; // it is over
    peer.unanswered[index]--;
    if (--peer.total === MOST_UNANSWERED / 2) peer.association.resume();
    if (!peer.association.writable) return;
    try {
      peer.association.send(data, { sid });
    } catch (error) {
      if (error.code !== 'ERR_SCTP_SEND_BUFFER_FULL') throw error;
      peer.association.abort('answers are not read');
    }
  }

  front.on('association', (association) => {
    const peer = { association, total: 0, unanswered: workers.map(() => 0) };
    peers.set(association.id, peer);
    association.on('close', () => peers.delete(association.id));
    association.on('message', (data, { sid }) => {
      const index = (association.id + sid) % workers.length;
      peer.unanswered[index]++;
      if (++peer.total === MOST_UNANSWERED) association.pause();
      // A received Buffer shares its memory with others: without a copy all of that would be cloned.
      const own = new Uint8Array(data);
      const answerOn = Math.min(sid, association.OS - 1);
      workers[index].postMessage({ id: association.id, sid: answerOn, data: own }, [own.buffer]);
    });
  });
  front.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  front.listen({ host: '127.0.0.1', port: Number(port) }, () => {
    console.log(`listening on ${front.address().port}`);
  });

  async function stop() {
    await front.close();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (isMainThread) runFront(process.argv.slice(2));
else runWorker();
