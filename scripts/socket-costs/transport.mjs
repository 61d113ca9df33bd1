import { createRequire } from 'node:module';
import net from 'node:net';
import { join } from 'node:path';

/** `net`, or the build of this package in a folder. */
export function transportOf(name, directory) {
  if (name === 'net') return net;
  return createRequire(join(directory, 'package.json'))(directory);
}
