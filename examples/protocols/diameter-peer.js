// One Diameter association (RFC 6733), whichever side has begun it: capabilities exchange,
// watchdog (RFC 3539 §3.4), disconnection, requests and their answers, malformed messages.
'use strict';
const { EventEmitter } = require('node:events');
const { clearTimeout } = require('node:timers');
const { Avp, Command, DiameterError, Flag, Result, ...diameter } = require('./diameter');
const { avp } = diameter;

const RELAY = 0xffffffff; // §2.4: all applications
const DO_NOT_WANT_TO_TALK_TO_YOU = 2; // §5.4.3
const WATCHDOGS_TO_TRUST_AGAIN = 3; // RFC 3539 §3.4.1, REOPEN

let endToEnd = (Math.floor(Date.now() / 1000) << 20) >>> 0; // §3: unique even after a restart
const nextEndToEnd = () => (endToEnd = (endToEnd + 1) >>> 0);

/** What both sides begin their messages with. */
const originOf = (name) => [
  avp(Avp.OriginHost, `${name}.example.org`),
  avp(Avp.OriginRealm, 'example.org'),
];

/**
 * 'open' (who it is), 'message' ({ command, flags, … }, avps) for each one that is taken, 'suspect'
 * (nothing comes any longer: use another peer), 'okay' (use this one), 'problem' (text), 'close'
 * (the requests that are unanswered).
 */
class DiameterPeer extends EventEmitter {
  /** 'closed', 'reopen', 'okay' or 'suspect'. */
  state = 'closed';
  #name;
  #socket;
  #answers;
  #watchdog;
  #timer;
  #isWatching = false; // a watchdog request of ours is unanswered
  #untrusted;
  #hopByHop = Math.floor(Math.random() * 0x7fffffff);
  #pending = new Map();

  /**
   * `answers` has a function for each command that is served: (avps) => AVPs. `watchdog` is Tw,
   * in milliseconds; RFC 3539 wants 6000 at least. `wasLost` makes a peer earn its trust anew.
   */
  constructor(name, socket, { isInitiator, answers = {}, watchdog = 30_000, wasLost = false }) {
    super();
    [this.#name, this.#socket, this.#answers] = [name, socket, answers];
    this.#watchdog = watchdog;
    this.#untrusted = wasLost ? WATCHDOGS_TO_TRUST_AGAIN : 0;
    if (isInitiator) {
      socket.on('connect', () => {
        this.request(Command.CapabilitiesExchange, 0, this.#capabilities());
      });
    }
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('drain', () => socket.resume());
    socket.on('restart', () => socket.destroy(new Error('the peer has begun anew')));
    socket.on('error', ({ message }) => this.emit('problem', message));
    socket.on('close', () => {
      clearTimeout(this.#timer);
      this.state = 'closed';
      this.emit('close', this.takePending());
    });
  }

  /**
   * Sends a request; its answer comes by 'message', with the request in `message.request`.
   * `identifier` is that of a request that another peer has not answered (§5.5.4).
   */
  request(command, application, avps, identifier = undefined) {
    const again = identifier === undefined ? 0 : Flag.RETRANSMITTED;
    const proxiable = application === 0 ? 0 : Flag.PROXIABLE;
    const hopByHop = this.#hopByHop++ >>> 0;
    const request = { command, application, avps, endToEnd: identifier ?? nextEndToEnd() };
    this.#pending.set(hopByHop, request);
    const flags = Flag.REQUEST | proxiable | again;
    this.#write(diameter.encode({ ...request, hopByHop, flags }, avps));
  }

  /** Requests of applications that are unanswered: somebody else's now. */
  takePending() {
    const requests = [...this.#pending].filter(([, { application }]) => application !== 0);
    for (const [hopByHop] of requests) this.#pending.delete(hopByHop);
    return requests.map(([, request]) => request);
  }

  /** Says goodbye; the association ends after the answer. */
  disconnect() {
    const cause = avp(Avp.DisconnectCause, DO_NOT_WANT_TO_TALK_TO_YOU);
    if (this.state === 'closed') this.#socket.destroy();
    else this.request(Command.DisconnectPeer, 0, [...originOf(this.#name), cause]);
  }

  /** §5.3.1; all addresses of the association, too. */
  #capabilities() {
    return [
      ...originOf(this.#name),
      ...this.#socket.localAddresses.map((text) => avp(Avp.HostIpAddress, diameter.address(text))),
      avp(Avp.VendorId, 0),
      avp(Avp.ProductName, 'kernel-sctp example', 0),
      avp(Avp.AuthApplicationId, RELAY),
    ];
  }

  #write(bytes) {
    return !this.#socket.writable || this.#socket.write(bytes);
  }

  #receive(bytes) {
    const header = diameter.headerOf(bytes);
    if (!header) {
      // §2.1: what cannot be parsed compromises the connection, and an ABORT ends it.
      this.#socket.destroy(new Error('not a Diameter message'));
      return;
    }
    try {
      const { avps, raw } = diameter.decodeAvps(bytes);
      if (header.flags & Flag.REQUEST) this.#serve(header, avps, raw);
      else this.#answered(header, avps);
    } catch (error) {
      if (!(error instanceof DiameterError)) throw error;
      this.emit('problem', `malformed: ${error.message}`);
      // An answer that makes no sense leaves its request unanswered; nobody answers it.
      if (header.flags & Flag.REQUEST) this.#refuse(header, error);
      if (this.state === 'closed') this.#socket.end(); // no capabilities, no connection (§5.6)
    }
  }

  /** §6.2, §7.2: errors of the protocol have the bit E. */
  #refuse(header, { result, message, failed }) {
    const isProtocolError = result >= 3000 && result < 4000;
    this.#answer(header, isProtocolError ? Flag.ERROR : 0, [
      avp(Avp.ResultCode, result),
      ...originOf(this.#name),
      avp(Avp.ErrorMessage, message, 0),
      ...(failed ? [avp(Avp.FailedAvp, failed)] : []),
    ]);
  }

  #answer(header, flags, avps) {
    const kept = header.flags & Flag.PROXIABLE;
    const isTaken = this.#write(diameter.encode({ ...header, flags: kept | flags }, avps));
    // Who does not read our answers need not ask more; what waits for it stays bounded.
    if (!isTaken) this.#socket.pause();
  }

  #serve(header, avps, raw) {
    const { command, flags } = header;
    if (flags & Flag.ERROR) {
      throw new DiameterError(Result.INVALID_HEADER_BITS, 'a request with the bit E');
    }
    if (this.state === 'closed' && command !== Command.CapabilitiesExchange) {
      throw new DiameterError(Result.COMMAND_UNSUPPORTED, `${command} before the capabilities`);
    }
    const body = this.#answerTo(command, avps);
    diameter.need(avps, Avp.OriginHost);
    diameter.need(avps, Avp.OriginRealm);
    // §6.2: the session and what proxies have added go back as they came.
    const returned = raw.filter(({ code }) => code === Avp.SessionId || code === Avp.ProxyInfo);
    const success = avp(Avp.ResultCode, Result.SUCCESS);
    this.#answer(header, 0, [...returned.map(({ bytes }) => bytes), success, ...body]);
    if (command === Command.CapabilitiesExchange) this.#open(avps);
    this.emit('message', header, avps);
    this.#heard();
  }

  #answerTo(command, avps) {
    switch (command) {
      case Command.CapabilitiesExchange:
        return this.#capabilities();
      case Command.DeviceWatchdog:
      case Command.DisconnectPeer:
        return originOf(this.#name);
      default: {
        const answer = this.#answers[command];
        if (answer) return [...originOf(this.#name), ...answer(avps)];
        throw new DiameterError(Result.COMMAND_UNSUPPORTED, `command ${command}`);
      }
    }
  }

  #answered(header, avps) {
    const request = this.#pending.get(header.hopByHop);
    if (request?.command !== header.command) return; // nobody waits for it any longer
    const result = diameter.need(avps, Avp.ResultCode).readUInt32BE();
    this.#pending.delete(header.hopByHop);
    if (header.command === Command.CapabilitiesExchange) {
      if (result !== Result.SUCCESS) {
        this.#socket.destroy(new Error(`the peer refuses our capabilities: ${result}`));
        return;
      }
      this.#open(avps);
    }
    this.emit('message', { ...header, request, result }, avps);
    if (header.command === Command.DeviceWatchdog) this.#watchdogAnswered();
    this.#heard();
    if (header.command === Command.DisconnectPeer) this.#socket.end();
  }

  #open(avps) {
    this.state = this.#untrusted > 0 ? 'reopen' : 'okay';
    this.emit('open', String(avps.get(Avp.OriginHost) ?? ''));
    if (this.state === 'okay') this.emit('okay');
  }

  /** Anything that comes puts off the watchdog, and ends a suspicion (RFC 3539 §3.4.1). */
  #heard() {
    if (this.state === 'closed') return;
    if (this.state === 'suspect') {
      this.state = 'okay';
      this.emit('okay');
    }
    clearTimeout(this.#timer);
    // Both sides' watchdogs, and those of many peers, must not fall together.
    const jitter = this.#watchdog * (Math.random() - 0.5) * 0.13; // 2 seconds of 30
    this.#timer = setTimeout(() => this.#nothingHeard(), this.#watchdog + jitter);
  }

  #nothingHeard() {
    if (this.state === 'suspect' || (this.state === 'reopen' && this.#isWatching)) {
      this.#socket.destroy(new Error('the watchdog got no answer'));
      return;
    }
    const wasAsked = this.#isWatching;
    if (!wasAsked) {
      this.#isWatching = true;
      this.request(Command.DeviceWatchdog, 0, originOf(this.#name));
    }
    this.#heardNothingYet(wasAsked);
  }

  #heardNothingYet(wasAsked) {
    if (wasAsked) {
      this.state = 'suspect';
      this.emit('suspect');
    }
    this.#timer = setTimeout(() => this.#nothingHeard(), this.#watchdog);
  }

  #watchdogAnswered() {
    this.#isWatching = false;
    if (this.state !== 'reopen' || --this.#untrusted > 0) return;
    this.state = 'okay';
    this.emit('okay');
  }
}

module.exports = { DiameterPeer, originOf };
