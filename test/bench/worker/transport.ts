/** How a Node contender moves messages: written as a user of its API would write it. */

export interface Settings {
  /** Bytes of a message. */
  size: number;
  /** For SO_SNDBUF and SO_RCVBUF; 0 for the contender's own defaults. */
  buffers: number;
  /** Whether each message says its stream and its payload protocol. */
  info: boolean;
}

/** With `info`. */
export const INFO = { sid: 1, ppid: 46 } as const;

export interface ServerHooks {
  /** With messages: count them, or also send them back. With connections: keep, or destroy. */
  readonly behaviour: 'count' | 'echo' | 'destroy';
  /** To be called for each whole message with its length. */
  readonly message: (length: number) => void;
  readonly opened: () => void;
  readonly closed: () => void;
}

export interface Client {
  /** Sends one message; `done` is called when the kernel has it. */
  send(message: Buffer, done?: () => void): void;
  /** Sends as fast as it can; resolves when the last message has been accepted. */
  sendMany(message: Buffer, times: number): Promise<void>;
  /** Ends it in order, and resolves when nothing of it is left. */
  close(): Promise<void>;
}

export interface Transport {
  /** Listens on a free port of 127.0.0.1, which it returns. */
  listen(settings: Settings, hooks: ServerHooks): Promise<number>;
  /** @param onMessage called for each whole message with its length */
  connect(settings: Settings, port: number, onMessage: (length: number) => void): Promise<Client>;
}
