// How long to wait before the next attempt to connect: twice as long each time, with some chance in
// it, so that all clients of a server that comes back do not arrive at once.
'use strict';

class BackOff {
  #least;
  #most;
  #delay;

  /** Milliseconds, before the first attempt and at most. */
  constructor(least = 250, most = 8000) {
    [this.#least, this.#most, this.#delay] = [least, most, least];
  }

  next() {
    const delay = this.#delay;
    this.#delay = Math.min(2 * delay, this.#most);
    return Math.round(delay * (0.75 + Math.random() / 4));
  }

  /** The peer is there again. */
  reset() {
    this.#delay = this.#least;
  }
}

module.exports = { BackOff };
