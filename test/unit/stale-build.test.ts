/** `npm run build:native` in a copied checkout, and when CMake fails. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defer } from '../support/cleanup';
import { projectRoot, start } from '../support/child';

/** Stands in for our own, which is slow to build; the addon is a copy of the file `source`. */
const CMAKE_LISTS = `
  cmake_minimum_required(VERSION 3.20)
  project(small LANGUAGES NONE)
  set(addon \${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/kernel_sctp.node)
  add_custom_command(OUTPUT \${addon} DEPENDS \${CMAKE_SOURCE_DIR}/source
    COMMAND \${CMAKE_COMMAND} -E copy \${CMAKE_SOURCE_DIR}/source \${addon})
  add_custom_target(small ALL DEPENDS \${addon})
`;
const FAILING = `${CMAKE_LISTS}\nmessage(FATAL_ERROR "a header is missing")\n`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-build-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
});

/** A checkout with our scripts and this CMakeLists.txt. */
function checkout(name: string, source: string, lists = CMAKE_LISTS): string {
  const path = join(folder, name);
  for (const part of ['package.json', 'scripts']) {
    cpSync(join(projectRoot, part), join(path, part), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(path, 'node_modules'));
  writeFileSync(join(path, 'CMakeLists.txt'), lists);
  writeFileSync(join(path, 'source'), source);
  return path;
}

async function build(path: string): Promise<{ code: number | null; output: string }> {
  const { code, stdout, stderr } = await start('npm', ['--prefix', path, 'run', 'build:native'])
    .ended;
  return { code, output: stdout + stderr };
}

const addonOf = (path: string) =>
  readFileSync(join(path, 'build/Release/kernel_sctp.node'), 'utf8');

test('a copied checkout is configured again, and builds its own sources', async () => {
  const here = checkout('here', 'made here');
  expect(await build(here)).toMatchObject({ code: 0 });
  writeFileSync(join(here, 'build', 'finding'), 'kept');

  const there = join(folder, 'there');
  cpSync(here, there, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  writeFileSync(join(there, 'source'), 'made there');
  const { code, output } = await build(there);
  expect(code).toBe(0);
  expect(output).not.toContain('CMake Error');
  expect([addonOf(here), addonOf(there)]).toEqual(['made here', 'made there']);
  expect(readFileSync(join(there, 'build', 'finding'), 'utf8')).toBe('kept');
});

test('what cannot be configured fails, and is configured again next time', async () => {
  const path = checkout('here', 'made at last', FAILING);
  const failed = await build(path);
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain('a header is missing');
  writeFileSync(join(path, 'CMakeLists.txt'), CMAKE_LISTS);
  expect(await build(path)).toMatchObject({ code: 0 });
  expect(addonOf(path)).toBe('made at last');
});

test('a change that cannot be configured fails', async () => {
  const path = checkout('here', 'made once');
  expect(await build(path)).toMatchObject({ code: 0 });
  writeFileSync(join(path, 'CMakeLists.txt'), FAILING);
  expect((await build(path)).code).not.toBe(0);
});
