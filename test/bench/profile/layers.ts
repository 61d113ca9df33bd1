/** Whose instructions they are: the layer of a sample, by the code that ran. */

/** Where a sample was taken: a symbol, and the file that it is in, as perf names them. */
export interface Place {
  readonly symbol: string;
  readonly file: string;
  /** Whether it ran in the thread that runs JavaScript. */
  readonly isMain: boolean;
}

/** In the order in which they are shown. */
export const layers = [
  'kernel',
  'native',
  'Node-API',
  'JavaScript',
  'builtins of V8',
  'compiler of V8',
  'garbage collector',
  'rest of node',
  'C libraries',
] as const;

export type Layer = (typeof layers)[number];

const COMPILER = /compiler|Compil|Turbo|Maglev|Sparkplug|baseline|Interpreter|Parser|Ignition/;
const COLLECTOR = /Scaveng|Marking|Heap|Sweep|Evacuat|GarbageCollect|GCTracer/;

export function layerOf({ symbol, file, isMain }: Place): Layer {
  if (/kallsyms|vmlinux|\.ko\b|^\[(?!vdso|JIT)/.test(file)) return 'kernel';
  if (file.endsWith('.node')) return 'native';
  if (/perf-\d+\.map|JIT/.test(file)) return 'JavaScript';
  if (!/(^|\/)node$/.test(file)) return 'C libraries';
  if (symbol.startsWith('Builtins_')) return 'builtins of V8';
  if (/napi_|v8impl|Napi::/.test(symbol)) return 'Node-API';
  if (COLLECTOR.test(symbol)) return 'garbage collector';
  // The other threads of V8 do one or the other.
  return COMPILER.test(symbol) || !isMain ? 'compiler of V8' : 'rest of node';
}
