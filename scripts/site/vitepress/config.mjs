// VitePress reads this where scripts/site/build has copied it: build/site/.vitepress.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { anchorOf } from './anchors.mjs';
import { sidebarOf } from './sidebar.mjs';

const pages = join(import.meta.dirname, '..', 'pages');
const read = (name) => readFileSync(join(pages, name), 'utf8');

export default {
  title: 'kernel-sctp',
  description: "The Linux kernel's SCTP for Node.js",
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  srcDir: 'pages',
  outDir: 'html',
  cacheDir: 'cache',
  markdown: { anchor: { slugify: anchorOf } },
  // The search index of all pages is one file.
  vite: { build: { chunkSizeWarningLimit: 4096 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Documentation', link: '/' },
      { text: 'Quick start', link: '/start' },
      { text: 'API', link: '/api/' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar: sidebarOf(
      read('index.md'),
      ['kernel-sctp', 'channels'].map((name) => ({ name, text: read(`api/${name}.md`) })),
    ),
  },
};
