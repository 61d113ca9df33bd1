// Puts the pages of the site into the folder that is given: docs/, what the repository's first page and
// its neighbours say, and the examples. Links between them are made to lead where the pages are then.
//   node scripts/site/pages.mjs FOLDER
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = process.argv[2];
const list = (name) => readdirSync(join(root, name));

/** Where each file of the repository goes. */
const pages = new Map([
  ['README.md', 'start.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['SECURITY.md', 'reporting.md'],
  ['docs/README.md', 'index.md'],
  ...list('docs')
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => [`docs/${name}`, name]),
  ...list('examples').map((name) => [`examples/${name}`, `examples/${name.replace('.js', '.md')}`]),
]);
const folders = new Map([['examples', 'examples/index.md']]);
const pictures = list('docs').filter((name) => name.endsWith('.svg'));

function save(page, text) {
  const path = join(folder, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A link in `source`, as it must be on `page`. Others' sites, and places on the same page, stay. */
function movedLink(link, source, page) {
  if (/^([a-z]+:|#)/.test(link)) return link;
  const [path, anchor = ''] = link.split(/(?=#)/);
  const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
  const target = pages.get(file) ?? folders.get(file);
  if (target !== undefined) return `/${target}${anchor}`;
  if (file.endsWith('.svg'))
    return `./${posix.relative(posix.dirname(page), posix.basename(file))}`;
  throw new Error(`${source}: the site has no ${file}`);
}

/** Outside of examples. */
function withMovedLinks(text, source, page) {
  return text
    .split(/(^```.*?^```)/ms)
    .map((part) =>
      part.startsWith('```')
        ? part
        : part
            .replace(/\]\(([^)\s]+)\)/g, (_, link) => `](${movedLink(link, source, page)})`)
            .replace(
              /(src(?:set)?)="([^"]+)"/g,
              (_, name, link) => `${name}="${movedLink(link, source, page)}"`,
            ),
    )
    .join('');
}

/** The comment at the top of a program says what it is. */
function exampleComment(source) {
  const lines = source.split('\n').filter((line) => !line.startsWith('#!'));
  const end = lines.findIndex((line) => !line.startsWith('//') && !/^\s?\*|^\/\*/.test(line));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^(\/\/|\/\*\*?|\s?\*\/|\s?\*) ?/, ''))
    .join('\n')
    .trim();
}

for (const [source, page] of pages) {
  const text = readFileSync(join(root, source), 'utf8');
  if (source.startsWith('examples/')) {
    save(page, `# ${posix.basename(source)}\n\n\`\`\`js\n${text.trimEnd()}\n\`\`\`\n`);
  } else {
    save(page, withMovedLinks(text, source, page));
  }
}
for (const picture of pictures) copyFileSync(join(root, 'docs', picture), join(folder, picture));

const examples = list('examples').map((name) => {
  const first = exampleComment(readFileSync(join(root, 'examples', name), 'utf8')).split(
    /(?<=[.:])\s/,
  )[0];
  return `- [${name}](/examples/${name.replace('.js', '.md')}): ${first.replaceAll('\n', ' ')}`;
});
save(
  'examples/index.md',
  `# Examples\n\nPrograms that run. The tests run each of them.\n\n${examples.join('\n')}\n`,
);
