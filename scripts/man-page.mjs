// Writes bin/kernel-sctp.1 from the commands of the command line: node scripts/man-page.mjs, after `npm run build`.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { commands } = require('../dist/cli/commands.js');
const { manualPage } = require('../dist/cli/man.js');
writeFileSync(new URL('../bin/kernel-sctp.1', import.meta.url), manualPage(commands));
