// What runs in the browser: one RTCPeerConnection, and what the tests want done with it. Messages
// are { text } or { base64 }.
/* global RTCPeerConnection, atob, btoa */
'use strict';

const encode = (data) => {
  if (typeof data === 'string') return { text: data };
  let binary = '';
  for (const byte of new Uint8Array(data)) binary += String.fromCharCode(byte);
  return { base64: btoa(binary) };
};
const decode = ({ text, base64 }) =>
  text ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const connection = new RTCPeerConnection();
/** By label: channels, and what they have received. */
const channels = new Map();
const received = new Map();

/** Resolves when `check` is true after one of the events. */
async function until(target, events, check) {
  while (!check()) {
    await new Promise((resolve) => {
      for (const event of events) target.addEventListener(event, resolve, { once: true });
    });
  }
}

function keep(channel) {
  channel.binaryType = 'arraybuffer';
  channels.set(channel.label, channel);
  received.set(channel.label, []);
  channel.addEventListener('message', ({ data }) => received.get(channel.label).push(data));
}

function describe(channel) {
  const { label, protocol, ordered, maxRetransmits, maxPacketLifeTime, negotiated, id } = channel;
  return { label, protocol, ordered, maxRetransmits, maxPacketLifeTime, negotiated, id };
}

let echoes = false;
connection.addEventListener('datachannel', ({ channel }) => {
  keep(channel);
  if (echoes) channel.addEventListener('message', ({ data }) => channel.send(data));
});

const peer = {
  /** The offer, once it has all its candidates. A channel makes it one for data. */
  async offer() {
    keep(connection.createDataChannel('first'));
    await connection.setLocalDescription();
    await until(
      connection,
      ['icegatheringstatechange'],
      () => connection.iceGatheringState === 'complete',
    );
    return connection.localDescription.sdp;
  },

  accept: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp }),

  async open(label, init) {
    const channel = connection.createDataChannel(label, init);
    keep(channel);
    await until(channel, ['open', 'error', 'close'], () => channel.readyState !== 'connecting');
    return describe(channel);
  },

  /** A channel that the other end has opened. */
  async announced(label) {
    await until(connection, ['datachannel'], () => channels.has(label));
    return describe(channels.get(label));
  },

  /** Channels announced from now on send back what they receive. */
  echo() {
    echoes = true;
  },

  send(label, messages) {
    for (const message of messages) channels.get(label).send(decode(message));
  },

  async receive(label, count) {
    const messages = received.get(label);
    const channel = channels.get(label);
    if (channel) {
      const isOver = () => messages.length >= count || channel.readyState === 'closed';
      await until(channel, ['message', 'close'], isOver);
    }
    return messages.splice(0).map(encode);
  },

  async close(label) {
    channels.get(label).close();
    await peer.closed(label);
  },

  /** Its label may be another channel's then. */
  async closed(label) {
    const channel = channels.get(label);
    await until(channel, ['close'], () => channel.readyState === 'closed');
    channels.delete(label);
  },

  /** Opens channels one after the other; on each a message goes out and comes back. */
  async comeAndGo(prefix, count) {
    for (let i = 0; i < count; i++) {
      const label = `${prefix}${i}`;
      await peer.open(label, { ordered: i % 2 === 0 });
      const text = label.repeat(1 + ((i * 37) % 2000));
      channels.get(label).send(text);
      const [echoed] = await peer.receive(label, 1);
      if (echoed?.text !== text) throw new Error(`${label}: not what was sent`);
      await peer.close(label);
      received.delete(label);
    }
  },

  end: () => connection.close(),
};
globalThis.peer = peer;
