/** Which peer has an address and port: as programs spell them, and as the kernel does. */
export class Places<Peer> {
  readonly #byHost = new Map<string, Map<number, Peer>>();
  readonly #ofPeer = new Map<Peer, [host: string, port: number][]>();

  get(host: string, port: number): Peer | undefined {
    return this.#byHost.get(host)?.get(port);
  }

  /** From now on this place is this peer's. */
  set(host: string, port: number, peer: Peer): void {
    const ports = this.#byHost.get(host) ?? new Map<number, Peer>();
    if (ports.get(port) === peer) return;
    ports.set(port, peer);
    this.#byHost.set(host, ports);
    const places = this.#ofPeer.get(peer) ?? [];
    places.push([host, port]);
    this.#ofPeer.set(peer, places);
  }

  /** Forgets a peer, but for places that another has by now. */
  remove(peer: Peer): void {
    for (const [host, port] of this.#ofPeer.get(peer) ?? []) {
      const ports = this.#byHost.get(host);
      if (ports?.get(port) !== peer) continue;
      ports.delete(port);
      if (ports.size === 0) this.#byHost.delete(host);
    }
    this.#ofPeer.delete(peer);
  }
}
