/**
 * Prints the results into the page and its charts, or checks that they are there.
 *
 * Arguments: print|check RESULTS FOLDER
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Report } from '../runner/report';
import { blocks } from './blocks';
import { charts } from './charts';
import { replaceBlock } from './markdown';
import { Measurements } from './measurements';

const PAGE = 'performance.md';

async function filesIn(folder: string, measurements: Measurements): Promise<Map<string, string>> {
  const { format, resolveConfig } = await import('prettier');
  const file = join(folder, PAGE);
  const page = Object.entries(blocks(measurements)).reduce(
    (text, [name, block]) => replaceBlock(text, name, block),
    readFileSync(file, 'utf8'),
  );
  const formatted = await format(page, { ...(await resolveConfig(file)), filepath: file });
  return new Map([...Object.entries(charts(measurements)), [PAGE, formatted]]);
}

async function main([mode, results = '', folder = '']: readonly string[]): Promise<void> {
  const report = JSON.parse(readFileSync(results, 'utf8')) as Report;
  for (const [name, text] of await filesIn(folder, new Measurements(report))) {
    const file = join(folder, name);
    if (mode === 'print') {
      writeFileSync(file, text);
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`${file} does not show ${results}: run scripts/bench --only-page`);
      process.exitCode = 1;
    }
  }
}

void main(process.argv.slice(2));
