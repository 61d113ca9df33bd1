/** The kernel: SCTP itself, its module, what is kept from it. */
import { release } from 'node:os';
import { join } from 'node:path';

import type { Support } from '../../../types/support';
import { support } from '../../support/support';
import { failure, ok, warning, type Finding } from './check';
import { contents, listing } from './files';

export function checkKernel(): Finding[] {
  const { sctp, kernel, listening, reason = 'socket() failed', remedy = [] } = support();
  const blacklists = blacklistedBy();
  if (sctp) {
    const atBoot =
      blacklists.length > 0
        ? [
            warning(
              'module',
              `blacklisted in ${blacklists.join(', ')}: it was loaded by hand`,
              'remove that line, or the module is missing after the next boot',
            ),
          ]
        : [];
    return [ok('sctp', `Linux ${kernel} has SCTP`), ...atBoot, ...servers(listening)];
  }
  const why =
    blacklists.length > 0 ? `; the module is blacklisted in ${blacklists.join(', ')}` : '';
  return [failure('sctp', `${reason}${why}`, ...remedy), ...moduleFile()];
}

/** A kernel without the hash that signs cookies can connect, but not listen. */
function servers(listening: Support['listening']): Finding[] {
  if (listening === undefined || listening.available) return [];
  return [failure('listen', listening.reason ?? '', ...(listening.remedy ?? []))];
}

/** Files of modprobe.d(5) that keep the module from being loaded. */
function blacklistedBy(): string[] {
  return ['/etc/modprobe.d', '/run/modprobe.d', '/usr/lib/modprobe.d', '/lib/modprobe.d'].flatMap(
    (folder) =>
      listing(folder)
        .filter((name) => name.endsWith('.conf'))
        .map((name) => join(folder, name))
        .filter((path) =>
          /^\s*(?:blacklist\s+sctp\b|install\s+sctp\s+\S*\/(?:bin\/)?(?:true|false)\b)/m.test(
            contents(path),
          ),
        ),
  );
}

function moduleFile(): Finding[] {
  const folder = `/lib/modules/${release()}`;
  const hasFile = listing(join(folder, 'kernel/net/sctp')).some((name) =>
    name.startsWith('sctp.ko'),
  );
  const isBuiltIn = contents(join(folder, 'modules.builtin')).includes('/sctp.ko');
  if (hasFile || isBuiltIn) return [ok('module', `${folder} has it`)];
  return [
    warning(
      'module',
      `${folder} has no sctp module`,
      'install the package of further modules: kernel-modules-extra (RHEL, Fedora), linux-modules-extra-… (Ubuntu)',
    ),
  ];
}
