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

/** The lines of the list in CONTRIBUTING, from the top. */
const layers = [
  ...readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8').matchAll(/^\d+\. (`.*`)$/gm),
].map(([, line = '']) => [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

/** The folder or file of `lib` that a module belongs to; nothing for types. */
function placeOf(module: string): string | undefined {
  const [top, place] = module.split('/');
  return top === 'lib' ? place : undefined;
}

const layerOf = (place: string): number => layers.findIndex((line) => line.includes(place));

const places = [...new Set(modules.flatMap((module) => placeOf(module) ?? []))];

test('every folder and file of lib has its layer', () => {
  expect([...layers.flat()].sort()).toEqual([...places].sort());
});

test.each(places)('%s imports from below', (place) => {
  const wrong = modules
    .filter((module) => placeOf(module) === place)
    .flatMap((module) => (graph.get(module) ?? []).map((to) => [module, to] as const))
    .filter(([, to]) => {
      const target = placeOf(to);
      return target !== undefined && target !== place && layerOf(target) <= layerOf(place);
    });
  expect(wrong).toEqual([]);
});
