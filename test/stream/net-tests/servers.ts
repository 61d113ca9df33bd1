/** Those of Node's tests that are mainly about servers. */
import type { Fates } from './fate';

export const serverTests: Fates = {};
