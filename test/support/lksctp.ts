/** The programs of lksctp-tools as peers: sctp_test and sctp_darn. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { open } from 'kernel-sctp';

import { type Program, start } from './child';

export type Tool = 'sctp_test' | 'sctp_darn';

/** A message as a tool prints it. */
export interface Printed {
  length: number;
  /** Missing where the tool does not print it: before the first message it knows no more. */
  sid?: number;
  ppid?: number;
  unordered?: boolean;
}

/** The tools print what is in memory: in network order, read as if it were in the host's. */
function swap(value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.readUInt32BE();
}

function startTool(tool: Tool, args: string[]): Program {
  // Line by line: they would keep what they print until they end.
  return start('stdbuf', ['-oL', tool, ...args]);
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const handle = open('127.0.0.1', 0, 1, () => undefined);
  const { port } = handle.address();
  handle.close();
  return port;
}

/** Starts a server, and resolves when it listens. */
export async function startServer(
  tool: Tool,
  args: string[] = [],
): Promise<{ program: Program; port: number }> {
  const port = freePort();
  const program = startTool(tool, ['-H', '127.0.0.1', '-P', String(port), '-l', ...args]);
  await whenListening(program, port);
  return { program, port };
}

/** Resolves when the program listens. Those that are not ours print nothing at that moment. */
export async function whenListening(program: Program, port: number): Promise<void> {
  // The column LPORT: only listening sockets have a line.
  const line = new RegExp(`^(\\s*\\S+){5}\\s+${String(port)}\\s`, 'm');
  while (!line.test(await readFile('/proc/net/sctp/eps', 'latin1'))) {
    if (program.process.exitCode !== null) throw new Error(JSON.stringify(await program.ended));
    await delay(20);
  }
}

/** Starts a client that sends to a port on 127.0.0.1. */
export function startClient(tool: Tool, port: number, args: string[]): Program {
  const to = ['-h', '127.0.0.1', '-p', String(port), '-s'];
  return startTool(tool, ['-H', '127.0.0.1', '-P', '0', ...to, ...args]);
}

/** The messages in the output of sctp_test, sent or received; long ones may be in pieces. */
export function messagesOfTest(output: string): Printed[] {
  const length = /(?:Data|sendmsg\(.*\))\s+(\d+) bytes.*\n/;
  const info = /\s*SNDRCV\(stream=(\d+) .*flags=0x(\d+) ppid=(\d+)/;
  const message = new RegExp(`${length.source}(?:${info.source})?`, 'g');
  return [...output.matchAll(message)].map((match) => printed(match[1], match.slice(2)));
}

/** The messages in the output of `sctp_darn -l`. */
export function messagesOfDarn(output: string): Printed[] {
  const message =
    /sinfo_stream (\d+)[^D]*sinfo_flags 0x(\d+)\s+sinfo_ppid (\d+)[^D]*DATA\((\d+)\):/g;
  return [...output.matchAll(message)].map((match) => printed(match[4], match.slice(1)));
}

function printed(length: string | undefined, info: (string | undefined)[]): Printed {
  const [sid, flags, ppid] = info;
  if (sid === undefined) return { length: Number(length) };
  return {
    length: Number(length),
    sid: Number(sid),
    ppid: swap(Number(ppid)),
    unordered: (parseInt(flags ?? '', 16) & 1) !== 0,
  };
}
