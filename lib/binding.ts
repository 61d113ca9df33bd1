/** Finds and loads the native addon. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { NativeBinding } from '../types/native';

const packageRoot = join(__dirname, '..');

/** Which C library this process runs on: a binary for one does not load on the other. */
function libc(): 'musl' | 'glibc' {
  try {
    return readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-') ? 'musl' : 'glibc';
  } catch {
    return 'glibc';
  }
}

function explain(tried: { path: string; error: unknown }[], platform: string): string {
  const lines = tried.map(({ path, error }) => {
    const reason = existsSync(path) ? String(error) : 'no such file';
    return `  ${path}: ${reason}`;
  });
  const forbidden = tried.some(({ error }) => codeOf(error) === 'ERR_DLOPEN_DISABLED');
  return [
    `kernel-sctp could not load its native addon for ${platform}.`,
    'Tried:',
    ...lines,
    'What to do:',
    ...remedies(forbidden),
  ].join('\n');
}

function remedies(forbidden: boolean): string[] {
  if (process.platform !== 'linux') {
    return ['  kernel-sctp uses the Linux kernel; it cannot work on another operating system.'];
  }
  if (forbidden) {
    return [
      '  Node is not allowed to load addons: run it with --allow-addons, or without --no-addons.',
    ];
  }
  return [
    '  1. If the package was installed on another machine, install it here: npm ci',
    '  2. In a checkout of kernel-sctp, build it: scripts/setup',
    '  3. For a platform without a prebuilt binary, build from a checkout with a C++20',
    '     compiler, CMake and libsctp-dev, and copy prebuilds/ into the installed package.',
  ];
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function load(): NativeBinding {
  const platform = `${process.platform}-${process.arch}-${libc()}`;
  const candidates = [
    join(packageRoot, 'build', 'Release', 'kernel_sctp.node'), // a checkout
    join(packageRoot, 'prebuilds', platform, 'kernel_sctp.node'), // an installed package
  ];
  const tried: { path: string; error: unknown }[] = [];
  for (const path of candidates) {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- only require loads addons
      return require(path) as NativeBinding;
    } catch (error) {
      tried.push({ path, error });
    }
  }
  throw Object.assign(new Error(explain(tried, platform)), { code: 'ERR_SCTP_ADDON_NOT_LOADED' });
}

export const binding = load();
