// docs/README.md names every page, in its order and under its heading: it is the sidebar, too.

const HEADING = /^(#{2,3}) (.*)$/;
const LINK = /^(?:-|\d+\.) \[(.*?)\]\((.*?)\)/;

const plain = (text) => text.replaceAll('`', '');

/** @param index the text of the first page; @param api those of the API's parts */
export function sidebarOf(index, api) {
  return [
    { text: 'Quick start', link: '/start' },
    ...groupsOf(index, '/'),
    ...api.flatMap(({ name, text }) => ({
      text: name,
      link: `/api/${name}`,
      collapsed: true,
      items: groupsOf(text, '/api/').map((items) => ({ ...items, collapsed: true })),
    })),
  ];
}

/** The links of a page, under its headings. */
function groupsOf(page, folder) {
  const groups = [];
  for (const line of page.split('\n')) {
    const [, level, heading] = HEADING.exec(line) ?? [];
    const [, text, target] = LINK.exec(line) ?? [];
    if (level === '##') groups.push(group(heading));
    if (level === '###') groups.at(-1).items.push({ ...group(heading), collapsed: true });
    if (text !== undefined)
      innermost(groups).push({ text: plain(text), link: toLink(target, folder) });
  }
  return groups.filter(({ items }) => items.length > 0);
}

function group(heading) {
  return { text: plain(heading), collapsed: false, items: [] };
}

function innermost(groups) {
  const { items } = groups.at(-1);
  return items.at(-1)?.items ?? items;
}

function toLink(target, folder) {
  return `${folder}${target.replace(/^\.?\//, '').replace(/\.md(?=#|$)/, '')}`;
}
