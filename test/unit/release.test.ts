/** scripts/check-release lets nothing be published that is incomplete, and the release workflow runs it. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { projectRoot } from '../support/child';
import { defer } from '../support/cleanup';

const list = join('scripts', 'prebuild-check', 'platforms');
const platforms = readFileSync(join(projectRoot, list), 'utf8').trim().split('\n');
const dated = '# Changelog\n\n## 1.2.3 (2026-01-31)\n\n- A change.\n';

/** What is said of a package with this changelog and these binaries, as v1.2.3. */
function check(changelog: string, binaries: readonly string[], ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package.json', '{ "name": "x", "version": "1.2.3", "files": ["prebuilds"] }');
  write('CHANGELOG.md', changelog);
  write(list, platforms.join('\n') + '\n');
  for (const name of binaries) write(join('prebuilds', name, 'kernel_sctp.node'), 'ELF');
  const script = join(folder, 'scripts', 'check-release');
  copyFileSync(join(projectRoot, 'scripts', 'check-release'), script);
  const { status, stderr } = spawnSync(script, args, { encoding: 'utf8' });
  expect(status === 0).toBe(stderr === '');
  return stderr;
}

test('a whole one', () => {
  expect(check(dated, platforms, 'v1.2.3')).toBe('');
});

test.each(platforms)('without a binary for %s', (name) => {
  const others = platforms.filter((other) => other !== name);
  const text = `the package would have no binary for ${name}: scripts/prebuild ${name}`;
  expect(check(dated, others, 'v1.2.3')).toBe(`check-release: ${text}\n`);
  expect(check(dated, others, '--before', 'v1.2.3')).toBe('');
});

test('another version, and a changelog without a date', () => {
  const stderr = check(
    '# Changelog\n\n## Unreleased\n\n## 1.2.3\n',
    platforms,
    '--before',
    'v1.2.4',
  );
  expect(stderr.trimEnd().split('\n')).toEqual([
    'check-release: the tag is v1.2.4, and package.json says 1.2.3',
    "check-release: CHANGELOG.md has no section '## 1.2.3 (YYYY-MM-DD)'",
    "check-release: CHANGELOG.md still has '## Unreleased'",
  ]);
});

test('the workflow builds and checks every binary before it publishes', () => {
  const workflow = readFileSync(join(projectRoot, '.github', 'workflows', 'release.yml'), 'utf8');
  const steps = [...workflow.matchAll(/- run: (.*)$/gm)].map(([, command = '']) => command);
  const scripts = steps
    .map((step) => step.split(' ')[0] ?? '')
    .filter((name) => name.includes('/'));
  expect(scripts.filter((name) => !existsSync(join(projectRoot, name)))).toEqual([]);
  const order = [
    'scripts/prebuild all',
    'scripts/check-prebuilds',
    'scripts/check-release "',
    'npm publish',
  ];
  const places = order.map((start) => steps.findIndex((step) => step.startsWith(start)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('every released version of CHANGELOG.md has a date', () => {
  const changelog = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8');
  const headings = [...changelog.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
  const released = headings.filter((heading) => heading !== 'Unreleased');
  expect(released.length).toBeGreaterThan(0);
  expect(
    released.filter((heading) => !/^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/.test(heading)),
  ).toEqual([]);
});
