// Every link of the built site, and every anchor, leads somewhere within it. VitePress itself checks pages,
// not anchors. Each class has a page.
//   node scripts/site/check.mjs FOLDER
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';

const folder = process.argv[2];
const base = process.env.SITE_BASE ?? '/';
const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));

function parse(page) {
  const html = readFileSync(join(folder, page), 'utf8');
  const all = (pattern) =>
    [...html.matchAll(pattern)].map(([, value]) => value.replaceAll('&amp;', '&'));
  return { ids: new Set(all(/ id="([^"]*)"/g)), links: all(/ (?:href|src)="([^"]*)"/g) };
}

const parsed = new Map(pages.map((page) => [page, parse(page)]));

function fileOf(path, page) {
  if (path === '') return page;
  const file = path.startsWith(base)
    ? path.slice(base.length)
    : posix.join(posix.dirname(page), path);
  return file === '' || file.endsWith('/') ? `${file}index.html` : file;
}

function isFound(link, page) {
  const [path, anchor] = link.split('#').map(decodeURIComponent);
  const file = fileOf(path, page);
  const target = parsed.get(file);
  if (target === undefined) return existsSync(join(folder, file));
  return !anchor || target.ids.has(anchor);
}

/** Classes of the package that have no page. What Node has itself, and older names, need none. */
function classesWithoutPage() {
  const require = createRequire(import.meta.url);
  const parts = { 'kernel-sctp': '../../dist/index.js', channels: '../../dist/channels/index.js' };
  return Object.entries(parts).flatMap(([part, file]) =>
    Object.entries(require(file))
      .filter(([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name))
      .filter(([name]) => !['BlockList', 'SocketAddress', 'Stream'].includes(name))
      .map(([name]) => `api/${part}/${name}.html`)
      .filter((page) => !parsed.has(page)),
  );
}

let links = 0;
const dead = [];
for (const [page, { links: found }] of parsed) {
  for (const link of found.filter((one) => !/^[a-z]+:/.test(one))) {
    links += 1;
    if (page !== '404.html' && !isFound(link, page)) dead.push(`${page}: ${link}`);
  }
}
for (const line of dead) console.error(`site: dead link in ${line}`);
const missing = classesWithoutPage();
for (const page of missing) console.error(`site: there is no ${page}`);
if (dead.length > 0 || missing.length > 0 || links < 1000) process.exit(1);
console.log(`site: ${links} links on ${pages.length} pages, and each leads somewhere`);
