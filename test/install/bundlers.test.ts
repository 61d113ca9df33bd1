/** docs/bundlers.md: each command and configuration makes a bundle that runs beside the installed package. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../support/child';
import { Folder, npm, OUTPUT, PROGRAM, tarball, tool } from './packed';

const page = readFileSync(join(projectRoot, 'docs', 'bundlers.md'), 'utf8');

/** The blocks of code in a section of the page. */
function codeOf(heading: string): string {
  const section = new RegExp(`^## ${heading}\n(.*?)(?=^## )`, 'ms').exec(page)?.[1] ?? '';
  return [...section.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, code = '']) => code).join('');
}

describe('bundlers', () => {
  let folder: Folder;

  beforeAll(() => {
    folder = new Folder();
    const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    folder.run([npm, 'install', ...flags, tarball]);
    folder.write('server.js', PROGRAM.commonjs);
    folder.write('server.mjs', PROGRAM.module);
  });

  afterAll(() => {
    folder[Symbol.dispose]();
  });

  /** The page's commands; what `npx` would find is installed elsewhere. */
  function shell(commands: string): string {
    const script = commands.replaceAll('npx ', `${tool('.bin')}/`);
    const options = { cwd: folder.path, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('/bin/sh', ['-ec', `(${script.trim()}) 2>&1`], options);
  }

  test('esbuild', () => {
    expect(shell(codeOf('esbuild'))).not.toMatch(/warning|error/i);
    expect(folder.run(['dist/server.js'])).toBe(OUTPUT);
  });

  test('webpack', () => {
    folder.write('webpack.config.js', codeOf('webpack'));
    const build = `
      require(${JSON.stringify(tool('webpack'))})(require('./webpack.config.js'), (error, stats) => {
        console.log(error ?? stats.toString({ all: false, errors: true, warnings: true }));
      });`;
    expect(folder.run(['-e', build]).trim()).toBe('');
    expect(folder.run(['dist/server.js'])).toBe(OUTPUT);
  });

  test('rollup', () => {
    folder.write('rollup.config.mjs', codeOf('rollup'));
    const printed = shell('npx rollup --config rollup.config.mjs');
    expect(printed).not.toMatch(/\(!\)|warn|unresolved/i);
    expect(folder.run(['dist/server.mjs'])).toBe(OUTPUT);
  });

  test('all in one file, with the binaries, and without the package', () => {
    expect(shell(codeOf('All in one file'))).not.toMatch(/warning|error/i);
    const elsewhere = new Folder();
    try {
      cpSync(join(folder.path, 'deploy'), join(elsewhere.path, 'deploy'), { recursive: true });
      const bundle = join('deploy', 'dist', 'server', 'main.js');
      expect(elsewhere.run([bundle])).toBe(OUTPUT);

      renameSync(join(elsewhere.path, 'deploy', 'prebuilds'), join(elsewhere.path, 'gone'));
      const { path } = elsewhere;
      const where = join(path, 'deploy', 'prebuilds');
      expect(() => elsewhere.run([bundle])).toThrow(where);
    } finally {
      elsewhere[Symbol.dispose]();
    }
  });
});
