/** Links between pages lead somewhere, and docs/README.md names every page. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { projectRoot } from '../support/child';

const docs = readdirSync(join(projectRoot, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs];

function textOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8');
}

/** As GitHub makes them: small letters, digits and hyphens. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function linksOf(page: string): string[] {
  const prose = textOf(page).replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

test.each(pages)('%s', (page) => {
  for (const link of linksOf(page)) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    expect([link, existsSync(join(projectRoot, target))]).toEqual([link, true]);
    if (anchor !== undefined && statSync(join(projectRoot, target)).isFile()) {
      expect([link, anchorsOf(target).includes(anchor)]).toEqual([link, true]);
    }
  }
});

test('docs/README.md names every page', () => {
  const named = linksOf('docs/README.md').map((link) => join('docs', link));
  expect(docs.filter((page) => page !== 'docs/README.md' && !named.includes(page))).toEqual([]);
});
