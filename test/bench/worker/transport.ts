/** How a Node contender moves messages: written as a user of its API would write it. */

export interface Settings {
  /** Bytes of a message. */
  size: number;
  /** For SO_SNDBUF and SO_RCVBUF; without it the contender's own defaults. */
  buffers: number | undefined;
}

export interface Server {
  readonly port: number;
  /** As read back from the kernel. */
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
  close(): void;
}

export interface Client {
  /** Sends one message, while nothing else waits to be sent. */
  send(message: Buffer): void;
  /** Sends as fast as it can; resolves when the last message has been accepted. */
  sendMany(message: Buffer, times: number): Promise<void>;
  close(): void;
}

/** To be called for each whole message with its length. */
export type OnMessage = (length: number) => void;

export interface Transport {
  /** Listens on a free port of 127.0.0.1; sends each message back if `echo`. */
  listen(settings: Settings, echo: boolean, onMessage: OnMessage): Promise<Server>;
  connect(settings: Settings, port: number, onMessage: OnMessage): Promise<Client>;
}
