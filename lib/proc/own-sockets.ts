/** Which sockets are this process's. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';

const FOLDER = '/proc/self/fd';

/** By the inodes that the kernel's tables have. None on systems that have no /proc, nor such tables. */
export function ownSockets(): Set<number> {
  const inodes = new Set<number>();
  if (!existsSync(FOLDER)) return inodes;
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
