// One association of an M3UA application server process (ASP) with a signalling gateway process
// (SGP), made again whenever it is lost (RFC 4666 §4.3): for the example asp.js.
'use strict';
const { EventEmitter } = require('node:events');
const { clearInterval, clearTimeout, setInterval } = require('node:timers');
const { connect, PPID, presets } = require('kernel-sctp');
const { BackOff } = require('./back-off');
const m3ua = require('./m3ua');

const { Tag, Type } = m3ua;
const ACKNOWLEDGED_WITHIN = 2000; // T(ack), §4.3.4.1
const ATTEMPTS = 3;

/**
 * 'state' (`down`, `inactive` or
 * `active`), 'data' ({ opc, sls, payload, … }), 'undelivered' (a message that was sent and may not
 * have arrived), 'problem' (text).
 */
class GatewayLink extends EventEmitter {
  state = 'down';
  #peer;
  #options;
  #socket;
  #backOff = new BackOff();
  #timers = new Set();
  #waiting; // for the answer to what we have sent
  #unansweredBeats = 0;
  #context;
  #leaving = false;

  constructor(peer, options) {
    super();
    this.#peer = peer;
    this.#options = options;
  }

  open() {
    const { localPort } = this.#options;
    this.#context = this.#options.context;
    const socket = connect({ ...this.#peer, localPort, ppid: PPID.M3UA, sctp: presets.sigtran });
    this.#socket = socket;
    socket.on('connect', () => this.#begin());
    // The peer's program begins anew within the association, and knows nothing of us (§4.3.3).
    socket.on('restart', () => this.#begin());
    socket.on('message', (bytes) => this.#receive(bytes));
    socket.on('drain', () => socket.resume());
    socket.on('sendFailed', ({ data }) => {
      if (data.readUInt16BE(2) === Type.DATA) this.emit('undelivered', data);
    });
    socket.on('stalled', () => socket.destroy(new Error('the gateway takes nothing')));
    socket.on('error', ({ message }) => this.emit('problem', message));
    socket.on('close', () => this.#lost());
  }

  /** False where it cannot be sent now: use another link. */
  send(bytes, sls) {
    if (this.state !== 'active' || !this.#socket.writable) return false;
    this.#socket.send(bytes, { sid: m3ua.streamFor(sls, this.#socket.OS) });
    return true;
  }

  get context() {
    return this.#context;
  }

  /** ASP Inactive, ASP Down, and the end of the association. */
  leave() {
    this.#leaving = true;
    if (this.state === 'active') this.#ask(Type.ASP_INACTIVE, this.#keys());
    else if (this.state === 'inactive') this.#ask(Type.ASP_DOWN);
    else this.#socket.destroy();
  }

  #begin() {
    this.#stopTimers();
    this.#become('down');
    this.#ask(Type.ASP_UP, [[Tag.ASP_IDENTIFIER, this.#options.identifier]]);
  }

  #keys() {
    return [[Tag.ROUTING_CONTEXT, this.#context]];
  }

  /** Sends it until it is acknowledged, a few times at most. */
  #ask(type, parameters = [], attempt = 1) {
    clearTimeout(this.#waiting);
    if (attempt > ATTEMPTS) {
      this.#socket.destroy(new Error(`no answer to ${m3ua.nameOf(type)}`));
      return;
    }
    this.#manage(type, parameters);
    this.#waiting = setTimeout(() => this.#ask(type, parameters, attempt + 1), ACKNOWLEDGED_WITHIN);
  }

  /** Management uses stream 0 (§1.4.7). */
  #manage(type, parameters) {
    this.#answer(m3ua.encode(type, parameters));
  }

  /** A gateway that does not read need not say more: what waits for it stays bounded. */
  #answer(bytes) {
    if (!this.#socket.writable) return;
    if (!this.#socket.send(bytes, { sid: 0 })) this.#socket.pause();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.emit('state', state);
  }

  #receive(bytes) {
    if (!m3ua.hasHeader(bytes)) {
      this.#socket.destroy(new Error('not M3UA'));
      return;
    }
    try {
      const { type, parameters } = m3ua.decode(bytes);
      this.#handle(type, parameters);
    } catch (error) {
      if (!(error instanceof m3ua.M3uaError)) throw error;
      this.emit('problem', `malformed: ${error.message}`);
      // Errors are not answered by errors (§3.8.1), even where they are malformed.
      if (bytes.readUInt16BE(2) !== Type.ERROR) this.#answer(m3ua.errorFor(error, bytes));
    }
  }

  #handle(type, parameters) {
    switch (type) {
      case Type.ASP_UP_ACK:
        this.#isUp();
        break;
      case Type.REG_RSP:
        this.#registered(parameters);
        break;
      case Type.ASP_ACTIVE_ACK:
        clearTimeout(this.#waiting);
        this.#backOff.reset();
        this.#become('active');
        break;
      case Type.ASP_INACTIVE_ACK:
        this.#become('inactive');
        if (this.#leaving) this.#ask(Type.ASP_DOWN);
        break;
      case Type.ASP_DOWN_ACK:
        clearTimeout(this.#waiting);
        this.#become('down');
        this.#socket.end();
        break;
      case Type.BEAT:
        this.#manage(Type.BEAT_ACK, [[Tag.HEARTBEAT, parameters.get(Tag.HEARTBEAT)]]);
        break;
      case Type.BEAT_ACK:
        this.#unansweredBeats = 0;
        break;
      case Type.NOTIFY:
        this.#notified(m3ua.needNumber(parameters, Tag.STATUS));
        break;
      case Type.ERROR: {
        const code = m3ua.needNumber(parameters, Tag.ERROR_CODE);
        this.emit('problem', `the gateway reports error 0x${code.toString(16)}`);
        break;
      }
      case Type.DATA:
        this.emit('data', m3ua.decodeData(parameters));
        break;
      case Type.DUNA:
      case Type.DAVA: {
        const code = m3ua.needNumber(parameters, Tag.AFFECTED_POINT_CODE) & 0xffffff;
        this.emit('destination', code, type === Type.DAVA);
        break;
      }
      case Type.SCON:
      case Type.DUPU:
      case Type.DRST:
        break; // of use to an SCCP above us
      default:
        throw new m3ua.M3uaError(m3ua.ErrorCode.UNEXPECTED_MESSAGE, m3ua.nameOf(type));
    }
  }

  #isUp() {
    if (this.state !== 'down') return; // an acknowledgement that came twice
    this.#become('inactive');
    this.#beat();
    if (this.#options.isStatic) this.#activate();
    else {
      const key = Buffer.concat(
        [
          [Tag.LOCAL_KEY, 1],
          [Tag.ROUTING_CONTEXT, this.#context],
          [Tag.TRAFFIC_MODE, m3ua.Mode[this.#options.mode]],
          [Tag.POINT_CODE, this.#options.own],
        ]
          .filter(([, value]) => value !== undefined)
          .map(([tag, value]) => m3ua.parameter(tag, value)),
      );
      this.#ask(Type.REG_REQ, [[Tag.ROUTING_KEY, key]]);
    }
  }

  #registered(parameters) {
    const result = m3ua.parametersOf(m3ua.need(parameters, Tag.REGISTRATION_RESULT, 4));
    const status = m3ua.needNumber(result, Tag.REGISTRATION_STATUS);
    if (status !== 0) {
      // 7 is 'already registered': by somebody else. Nothing that is tried at once will change it.
      this.#socket.destroy(new Error(`the gateway refuses our point code: status ${status}`));
      return;
    }
    this.#context = m3ua.needNumber(result, Tag.ROUTING_CONTEXT);
    this.#activate();
  }

  #activate() {
    const mode = m3ua.Mode[this.#options.mode];
    this.#ask(Type.ASP_ACTIVE, [[Tag.TRAFFIC_MODE, mode], ...this.#keys()]);
  }

  #notified(status) {
    this.emit('notify', status);
    // Another ASP has taken over: traffic in 'override' mode has one receiver (§4.3.4.3).
    if (status === m3ua.Status.ALTERNATE_ASP_ACTIVE) this.#become('inactive');
    // Nobody serves our point code: we do, if we are up (§4.3.2).
    const isWanted = status === m3ua.Status.AS_PENDING && this.state === 'inactive';
    if (isWanted && !this.#leaving) this.#activate();
  }

  /** SCTP's own heartbeats see a lost host; these also see a gateway that hangs (§4.3.4.6). */
  #beat() {
    this.#unansweredBeats = 0;
    const timer = setInterval(() => {
      if (this.#unansweredBeats++ >= 2) this.#socket.destroy(new Error('no BEAT ACK'));
      else this.#manage(Type.BEAT, [[Tag.HEARTBEAT, Buffer.from(String(Date.now()))]]);
    }, this.#options.beat);
    this.#timers.add(timer);
  }

  #stopTimers() {
    clearTimeout(this.#waiting);
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.clear();
  }

  #lost() {
    this.#stopTimers();
    this.#become('down');
    if (this.#leaving) return;
    const delay = this.#backOff.next();
    this.emit('problem', `connecting again in ${delay} ms`);
    setTimeout(() => {
      if (!this.#leaving) this.open();
    }, delay);
  }
}

module.exports = { GatewayLink };
