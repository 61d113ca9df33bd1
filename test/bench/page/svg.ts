/** Charts as SVG, readable on a light and on a dark page. */
const WIDTH = 720;
const LEFT = 130;
const RIGHT = 70;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; }
  .c0 { --c: #0969da; } .c1 { --c: #8250df; } .c2 { --c: #bf3989; } .c3 { --c: #1a7f37; }
  .c4 { --c: #9a6700; } .c5 { --c: #59636e; } .c6 { --c: #cf222e; } .c7 { --c: #1b7c83; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .c0 { --c: #4493f8; } .c1 { --c: #ab7df8; } .c2 { --c: #db61a2; } .c3 { --c: #3fb950; }
    .c4 { --c: #d29922; } .c5 { --c: #9198a1; } .c6 { --c: #f85149; } .c7 { --c: #39c5cf; }
  }
  rect { fill: var(--c); } .pale { opacity: 0.45; } .line { stroke: var(--c); } circle { fill: var(--c); }
`;

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);

const at = (value: number): string => value.toFixed(1);

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${escape(content)}</text>`;
}

function drawing(title: string, height: number, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}</style>`,
    text(0, 16, title, 'class="title"'),
    ...elements,
    '</svg>',
    '',
  ].join('\n');
}

export interface Bar {
  name: string;
  /** The first is drawn in full, the second pale below it. */
  values: readonly { value: number; label: string }[];
}

/** A group of bars for each name, from left to right. */
export function bars(title: string, groups: readonly Bar[]): string {
  const [top, thick, gap] = [32, 14, 10];
  const most = Math.max(...groups.flatMap(({ values }) => values.map(({ value }) => value)));
  const elements: string[] = [];
  let y = top;
  groups.forEach(({ name, values }, color) => {
    const middle = y + (values.length * thick) / 2 + 4;
    elements.push(text(LEFT - 8, middle, name, 'text-anchor="end"'));
    values.forEach(({ value, label }, index) => {
      const width = ((WIDTH - LEFT - RIGHT - 70) * value) / most;
      const paleness = index === 0 ? '' : ' pale';
      elements.push(
        `<rect class="c${String(color % 8)}${paleness}" x="${at(LEFT)}" y="${at(y)}" width="${at(width)}" height="${String(thick - 2)}"/>`,
        text(LEFT + width + 6, y + thick - 4, label, 'class="small"'),
      );
      y += thick;
    });
    y += gap;
  });
  return drawing(title, y, elements);
}

export interface Line {
  name: string;
  points: readonly { x: number; y: number }[];
}

interface Scale {
  /** From a value to a place. */
  place(value: number): number;
}

function logarithmic(from: number, to: number, first: number, last: number): Scale {
  const span = Math.log(to / from) || 1;
  return { place: (value) => first + ((last - first) * Math.log(value / from)) / span };
}

/** Powers of ten between the two. */
function decades(from: number, to: number): number[] {
  const list: number[] = [];
  for (let power = Math.ceil(Math.log10(from)); 10 ** power <= to; power++) list.push(10 ** power);
  return list;
}

/** Both axes are logarithmic. @param ticks of the x axis */
export function lines(
  title: string,
  series: readonly Line[],
  ticks: readonly { x: number; label: string }[],
): string {
  const [top, bottom, height] = [32, 330, 360];
  const points = series.flatMap((line) => line.points);
  const ys = points.map(({ y }) => y);
  const [low, high] = [Math.min(...ys) * 0.8, Math.max(...ys) * 1.2];
  const xs = ticks.map(({ x }) => x);
  const horizontal = logarithmic(Math.min(...xs), Math.max(...xs), LEFT - 60, WIDTH - RIGHT - 80);
  const vertical = logarithmic(low, high, bottom, top);

  const grid = decades(low, high).flatMap((value) => {
    const y = vertical.place(value);
    return [
      `<line class="grid" x1="${at(LEFT - 60)}" x2="${at(WIDTH - RIGHT - 80)}" y1="${at(y)}" y2="${at(y)}"/>`,
      text(
        LEFT - 68,
        y + 4,
        value.toLocaleString('en').replaceAll(',', ' '),
        'class="small" text-anchor="end"',
      ),
    ];
  });
  const axis = ticks.map(({ x, label }) =>
    text(horizontal.place(x), bottom + 20, label, 'class="small" text-anchor="middle"'),
  );
  const drawn = series.flatMap((line, color) => {
    const places = line.points.map(({ x, y }) => [horizontal.place(x), vertical.place(y)] as const);
    const path = places.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
    const dots = places.map(([x, y]) => `<circle cx="${at(x)}" cy="${at(y)}" r="3"/>`);
    return [
      `<g class="c${String(color % 8)}"><polyline class="line" points="${path}"/>${dots.join('')}</g>`,
    ];
  });
  return drawing(title, height, [...grid, ...axis, ...drawn, ...names(series, vertical)]);
}

/** Beside the last points, moved apart where they would cover each other. */
function names(series: readonly Line[], vertical: Scale): string[] {
  const ends = series
    .map(({ name, points }, color) => ({ name, color, y: vertical.place(points.at(-1)?.y ?? NaN) }))
    .sort((a, b) => a.y - b.y);
  let lowest = -Infinity;
  return ends.map(({ name, color, y }) => {
    lowest = Math.max(y, lowest + 15);
    const x = WIDTH - RIGHT - 64;
    return (
      `<g class="c${String(color % 8)}"><circle cx="${at(x)}" cy="${at(lowest)}" r="4"/></g>` +
      text(x + 9, lowest + 4, name)
    );
  });
}
