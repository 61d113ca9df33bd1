/** Which sockets are this process's. */
import { readdirSync, readlinkSync } from 'node:fs';

const FOLDER = '/proc/self/fd';

/** By the inodes that the kernel's tables have. */
export function ownSockets(): Set<number> {
  const inodes = new Set<number>();
  for (const descriptor of readdirSync(FOLDER)) {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(targetOf(descriptor)) ?? [];
    if (inode !== undefined) inodes.add(Number(inode));
  }
  return inodes;
}

/** The descriptor that the folder was read with is closed meanwhile. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`${FOLDER}/${descriptor}`);
  } catch {
    return '';
  }
}
