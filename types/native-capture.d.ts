/** The seam between C++ and TypeScript: what passes this machine's interfaces. */

/** Sees the SCTP packets that pass, as they are and in UDP. Needs CAP_NET_RAW. */
export interface NativePacketSocket {
  /**
   * Begins to see packets. From here to `close` the object stays alive and holds the event loop open.
   * @param name of an interface; '' for all of them
   * @param udpPort in UDP, of either end
   * @returns 0 or negative errno
   */
  open(name: string, udpPort: number): number;
  /**
   * @param memory where each packet has a slot of 64 KiB, and begins with its IP header
   * @param rows gets six numbers for each packet: the time in seconds and nanoseconds, the index of
   * the interface, whether it went out, its length in memory (0: to be skipped), and its full length
   * @returns how many slots are filled, or negative errno
   */
  receive(memory: Uint8Array, rows: Uint32Array): number;
  /** Packets that the kernel had no room for since the last call; or negative errno. */
  dropped(): number;
  interfaceName(index: number): string | undefined;
  close(): void;

  /** Set by lib/. */
  onReadable?: () => void;
}

export interface NativeCaptureBinding {
  PacketSocket: new () => NativePacketSocket;
}
