/** Writes down what happens to a socket, in order. */
import type { Socket } from 'kernel-sctp';

export interface Journal {
  /** 'connect', 'data …', 'end', 'finish', 'error CODE', 'close true'. */
  readonly entries: string[];
  /** Resolves after 'close' with the entries; never rejects. */
  readonly closed: Promise<string[]>;
  /** Resolves as soon as there is such an entry. */
  until(entry: string): Promise<void>;
}

/** @param read whether to read, by 'data' */
export function journalOf(socket: Socket, { read = true } = {}): Journal {
  const entries: string[] = [];
  const waiters = new Set<() => void>();
  const note = (entry: string): void => {
    entries.push(entry);
    for (const check of waiters) check();
  };
  for (const event of ['connect', 'end', 'finish'] as const) {
    socket.on(event, () => {
      note(event);
    });
  }
  socket.on('error', (error: NodeJS.ErrnoException) => {
    note(`error ${error.code ?? error.message}`);
  });
  if (read) {
    socket.on('data', (message) => {
      note(`data ${String(message)}`);
    });
  }
  const closed = new Promise<string[]>((resolve) => {
    socket.on('close', (hadError) => {
      note(`close ${String(hadError)}`);
      resolve(entries);
    });
  });
  const until = (entry: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!entries.includes(entry)) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  return { entries, closed, until };
}
