/** Imports point one way: no module imports, even for a type, what imports it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { projectRoot } from '../support/child';

const IMPORT = /^(?:import|export)\b[^;]*?\bfrom '(\.{1,2}\/[^']+)'/gms;

const modules = ['lib', 'types'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replace(/(?:\.d)?\.ts$/, '')}`),
);

function importsOf(module: string): string[] {
  const extension = module.startsWith('types/') ? '.d.ts' : '.ts';
  const text = readFileSync(join(projectRoot, module + extension), 'utf8');
  return (
    [...text.matchAll(IMPORT)]
      .map(([, path = '']) => normalize(join(dirname(module), path)))
      // The entry points of types/ stand for what is built from lib/.
      .map((path) => path.replace(/^dist\//, 'lib/'))
      .map((path) => (modules.includes(path) ? path : `${path}/index`))
  );
}

const graph = new Map(modules.map((module) => [module, importsOf(module)]));

/** The modules on a way from `module` back to itself. */
function cycleOf(module: string): string[] | undefined {
  const waiting = [[module]];
  const seen = new Set<string>();
  for (let way = waiting.pop(); way; way = waiting.pop()) {
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === module) return [...way, next];
      if (!seen.has(next)) waiting.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

test('every import is found', () => {
  expect([...graph.values()].flat().length).toBeGreaterThan(500);
  expect([...graph.values()].flat().filter((path) => !modules.includes(path))).toEqual([]);
});

test.each(modules)('%s is in no cycle', (module) => {
  expect(cycleOf(module)).toBeUndefined();
});
