/** What a command reads from and writes to, so that it knows neither a process nor a terminal. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  /** Results. @returns once there is room for more */
  write(data: string | Uint8Array): Promise<void>;
  /** A result of one line. */
  print(line: string): void;
  /** Whether results go to a terminal. */
  readonly isTerminal: boolean;
  /** Empties the screen, where results go to a terminal. */
  clear(): void;
  /** For the person in front of it, beside the results. */
  note(line: string): void;
  /** The same in passing, so dimmed on a terminal: progress, what happens to associations. */
  remark(line: string): void;
  /** Colours where results go to a terminal, else the text as it is. */
  readonly paint: Paint;
  /** Aborted by SIGINT and SIGTERM: the command comes to an orderly end. */
  readonly interrupted: AbortSignal;
}

export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}
