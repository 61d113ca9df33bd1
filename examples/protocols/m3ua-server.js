// An application server (AS, RFC 4666 §1.2) as a gateway sees it: the processes (ASPs) that serve one
// point code, which of them gets a message, and what is kept while none does. For sgp.js.
'use strict';
const { clearTimeout } = require('node:timers');
const { Mode, Status } = require('./m3ua');

const RECOVERY = 2000; // T(r), §4.3.2: how long messages wait for another ASP
const KEPT = 1000; // messages

class ApplicationServer {
  /** Routing context: how the gateway and its ASPs call this server. */
  context;
  pointCode;
  mode = undefined;
  /** 'inactive', 'active' or 'pending': none active now, but a moment ago. */
  state = 'inactive';
  /** The ASPs that are up, and whether each is active. */
  #asps = new Map();
  #kept = [];
  #timer;
  #notify;
  #deliver;

  /** `notify(asp, status)` and `deliver(asp, message)` send. */
  constructor({ context, pointCode, notify, deliver }) {
    [this.context, this.pointCode] = [context, pointCode];
    [this.#notify, this.#deliver] = [notify, deliver];
  }

  has(asp) {
    return this.#asps.has(asp);
  }

  add(asp) {
    if (!this.#asps.has(asp)) this.#asps.set(asp, false);
  }

  /** False where the others serve it in another mode. */
  activate(asp, mode = this.mode ?? Mode.loadshare) {
    const active = this.#active();
    if (active.length > 0 && mode !== this.mode) return false;
    this.mode = mode;
    if (mode === Mode.override) {
      for (const other of active) {
        if (other === asp) continue;
        this.#asps.set(other, false);
        this.#notify(other, Status.ALTERNATE_ASP_ACTIVE);
      }
    }
    this.#asps.set(asp, true);
    return true;
  }

  deactivate(asp) {
    if (this.#asps.has(asp)) this.#asps.set(asp, false);
  }

  remove(asp) {
    this.#asps.delete(asp);
  }

  /** After what has changed is acknowledged: what follows from it, for all (§4.3.2). */
  settle() {
    if (this.#active().length > 0) {
      clearTimeout(this.#timer);
      this.#become('active', Status.AS_ACTIVE);
      for (const message of this.#kept.splice(0)) this.transfer(message);
    } else if (this.state === 'active') {
      this.#become('pending', Status.AS_PENDING);
      this.#timer = setTimeout(() => this.#giveUp(), RECOVERY);
    }
  }

  /** Those of one SLS go to the same ASP as long as it is active. False if nobody gets it. */
  transfer(message) {
    const active = this.#active();
    if (active.length > 0) return this.#deliver(active[message.sls % active.length], message);
    if (this.state !== 'pending' || this.#kept.length === KEPT) return false;
    this.#kept.push(message);
    return true;
  }

  #active() {
    return [...this.#asps].filter(([, isActive]) => isActive).map(([asp]) => asp);
  }

  #giveUp() {
    this.#kept = [];
    this.#become('inactive', Status.AS_INACTIVE);
  }

  #become(state, status) {
    if (state === this.state) return;
    this.state = state;
    for (const asp of this.#asps.keys()) this.#notify(asp, status);
  }
}

module.exports = { ApplicationServer };
