/** Why there is no native addon, and what to do about it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Coded, withCode } from '../errors/coded';

export interface Attempt {
  readonly path: string;
  readonly error: unknown;
}

/** ERR_SCTP_ADDON_NOT_LOADED. */
export type NotLoaded = Coded & { readonly reason: string; readonly remedy: readonly string[] };

interface Situation {
  readonly root: string;
  readonly platform: string;
  readonly attempts: readonly Attempt[];
  /** The platforms that the package has binaries for. */
  readonly present: readonly string[];
}

/** @param root the package's folder */
export function notLoaded(root: string, platform: string, attempts: readonly Attempt[]): NotLoaded {
  const situation = { root, platform, attempts, present: binariesIn(root) };
  const reason = `kernel-sctp could not load its native addon for ${platform}`;
  const remedy = remedies(situation);
  const message = [
    `${reason}.`,
    'Looked for:',
    ...attempts.map(({ path, error }) => `  ${path}: ${outcome(path, error)}`),
    `Binaries in this package: ${situation.present.join(', ') || 'none'}`,
    'What to do:',
    ...remedy.map((line) => `  - ${line}`),
  ].join('\n');
  return withCode(new Error(message), 'ERR_SCTP_ADDON_NOT_LOADED', { reason, remedy }) as NotLoaded;
}

function binariesIn(root: string): string[] {
  try {
    return readdirSync(join(root, 'prebuilds')).sort();
  } catch {
    return [];
  }
}

function outcome(path: string, error: unknown): string {
  if (!existsSync(path)) return 'no such file';
  return error instanceof Error ? error.message : String(error);
}

function remedies({ root, attempts, platform, present }: Situation): string[] {
  if (process.platform !== 'linux') {
    return [
      'use Linux, or a virtual machine or container that runs it; elsewhere types, constants, PPID, ' +
        'presets and support() work, and no sockets',
    ];
  }
  if (attempts.some(({ error }) => codeOf(error) === 'ERR_DLOPEN_DISABLED')) {
    return ['allow Node to load addons: run it with --allow-addons, or without --no-addons'];
  }
  if (existsSync(join(root, 'scripts', 'setup'))) return ['build this checkout: scripts/setup'];
  if (!existsSync(join(root, 'CMakeLists.txt'))) {
    return [
      'if a bundler has moved this code, exclude kernel-sctp from the bundle (external), so that it is ' +
        'loaded from node_modules',
      'otherwise the package is incomplete: install it again',
    ];
  }
  const libraries = present.includes(platform)
    ? ['the binary needs glibc 2.28 or later, or musl 1.2: use a newer system, or']
    : [];
  return [
    ...libraries,
    'build it here, with a C++20 compiler, CMake 3.20 and the header netinet/sctp.h (Debian and Ubuntu: ' +
      'g++ cmake libsctp-dev; Fedora and RHEL: gcc-c++ cmake lksctp-tools-devel; Alpine: g++ make cmake ' +
      'lksctp-tools-dev linux-headers):',
    `npm install --no-save cmake-js node-addon-api && npx cmake-js build --directory ${root}`,
  ];
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
