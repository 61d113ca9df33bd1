// Puts the pages of the site into the folder that is given: docs/, what the repository's first page and
// its neighbours say, and the examples. Links between them are made to lead where the pages are then.
//   node scripts/site/pages.mjs FOLDER
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = process.argv[2];
const list = (name) => readdirSync(join(root, name));
const programs = readdirSync(join(root, 'examples'), { recursive: true })
  .filter((name) => name.endsWith('.js'))
  .map((name) => `examples/${name}`);

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
  ...programs.map((name) => [name, name.replace('.js', '.md')]),
]);
const folders = new Map([
  ['examples', 'examples.md'],
  ['examples/protocols', 'examples/protocols/index.md'],
]);
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

for (const [source, page] of pages) {
  const text = readFileSync(join(root, source), 'utf8');
  if (source.startsWith('examples/')) {
    save(page, `# ${posix.basename(source)}\n\n\`\`\`js\n${text.trimEnd()}\n\`\`\`\n`);
  } else {
    save(page, withMovedLinks(text, source, page));
  }
}
for (const picture of pictures) copyFileSync(join(root, 'docs', picture), join(folder, picture));

const protocols = programs.filter((name) => name.startsWith('examples/protocols/'));
const links = protocols.map((name) => `- [${posix.basename(name)}](/${pages.get(name)})`);
save('examples/protocols/index.md', `# What several examples share\n\n${links.join('\n')}\n`);
