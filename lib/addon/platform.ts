/** Which of the published binaries this process can load. */
import { readFileSync } from 'node:fs';

/** Which C library this process runs on: a binary for one does not load on the other. */
function libc(): 'musl' | 'glibc' {
  try {
    return readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-') ? 'musl' : 'glibc';
  } catch {
    return 'glibc';
  }
}

/** As the folders of prebuilds/ are named: `linux-x64-glibc`, `darwin-arm64`. */
export function platformName(): string {
  const { platform, arch } = process;
  return platform === 'linux' ? `${platform}-${arch}-${libc()}` : `${platform}-${arch}`;
}
