/** Charts as SVG, readable on a light and on a dark page. */
const WIDTH = 720;
const LEFT = 130;
const RIGHT = 70;

/** Text, less important text, lines behind, and the colours of contenders. */
const LIGHT = {
  text: '#1f2328',
  small: '#59636e',
  grid: '#d1d9e0',
  colors: [
    ...['#0969da', '#8250df', '#bf3989', '#1a7f37', '#9a6700'],
    ...['#cf222e', '#1b7c83', '#818b98', '#1f2328', '#bc4c00'],
  ],
};
const DARK: typeof LIGHT = {
  text: '#f0f6fc',
  small: '#9198a1',
  grid: '#3d444d',
  colors: [
    ...['#4493f8', '#ab7df8', '#db61a2', '#3fb950', '#d29922'],
    ...['#f85149', '#39c5cf', '#656c76', '#f0f6fc', '#db6d28'],
  ],
};

/** Without custom properties, which not every viewer knows. */
function theme({ text: ink, small, grid, colors }: typeof LIGHT): string {
  const ofColors = colors.map(
    (color, i) => `.fill${String(i)} { fill: ${color}; } .line${String(i)} { stroke: ${color}; }`,
  );
  return [
    `text { fill: ${ink}; }`,
    `.small { fill: ${small}; }`,
    `.grid { stroke: ${grid}; }`,
    ...ofColors,
  ].join('\n');
}

const STYLE = `
text { font: 13px system-ui, sans-serif; }
.title { font-weight: 600; }
.small { font-size: 11px; }
.pale { opacity: 0.45; }
polyline { fill: none; stroke-width: 2; }
${theme(LIGHT)}
@media (prefers-color-scheme: dark) {
${theme(DARK)}
}
`;

/** The contender's number in its chart. */
const fill = (color: number): string => `fill${String(color % LIGHT.colors.length)}`;
const stroke = (color: number): string => `line${String(color % LIGHT.colors.length)}`;

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);

const at = (value: number): string => value.toFixed(1);

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${escape(content)}</text>`;
}

function dot(x: number, y: number, radius: number, color: number): string {
  return `<circle class="${fill(color)}" cx="${at(x)}" cy="${at(y)}" r="${String(radius)}"/>`;
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
  /** A number of the palette: the same in all charts. */
  color: number;
  /** The first is drawn in full, the second pale below it. */
  values: readonly { value: number; label: string }[];
}

/** A group of bars for each name, from left to right. */
export function bars(title: string, groups: readonly Bar[]): string {
  if (groups.length === 0) return drawing(title, 44, [text(0, 36, 'not measured')]);
  const [top, thick, gap] = [32, 14, 10];
  const most = Math.max(...groups.flatMap(({ values }) => values.map(({ value }) => value)));
  const elements: string[] = [];
  let y = top;
  for (const { name, color, values } of groups) {
    const middle = y + (values.length * thick) / 2 + 4;
    elements.push(text(LEFT - 8, middle, name, 'text-anchor="end"'));
    values.forEach(({ value, label }, index) => {
      const width = ((WIDTH - LEFT - RIGHT - 70) * value) / most;
      const paleness = index === 0 ? '' : ' pale';
      elements.push(
        `<rect class="${fill(color)}${paleness}" x="${at(LEFT)}" y="${at(y)}" width="${at(width)}" height="${String(thick - 2)}"/>`,
        text(LEFT + width + 6, y + thick - 4, label, 'class="small"'),
      );
      y += thick;
    });
    y += gap;
  }
  return drawing(title, y, elements);
}

export interface Line {
  name: string;
  color: number;
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
  if (series.length === 0) return drawing(title, 44, [text(0, 36, 'not measured')]);
  const [top, bottom, height] = [32, 330, 360];
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y));
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
  const drawn = series.flatMap(({ points, color }) => {
    const places = points.map(({ x, y }) => [horizontal.place(x), vertical.place(y)] as const);
    const path = places.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
    const dots = places.map(([x, y]) => dot(x, y, 3, color));
    return [`<polyline class="${stroke(color)}" points="${path}"/>`, ...dots];
  });
  return drawing(title, height, [...grid, ...axis, ...drawn, ...names(series, vertical, bottom)]);
}

/** Beside the last points, moved apart where they would cover each other. */
function names(series: readonly Line[], vertical: Scale, bottom: number): string[] {
  const apart = 16;
  const ends = series
    .map(({ name, color, points }) => ({ name, color, y: vertical.place(points.at(-1)?.y ?? NaN) }))
    .sort((a, b) => a.y - b.y);
  const x = WIDTH - RIGHT - 64;
  let above = -Infinity;
  return ends.map(({ name, color, y }, index) => {
    const room = bottom - apart * (ends.length - 1 - index);
    above = Math.max(above + apart, Math.min(y, room));
    return dot(x, above, 4, color) + text(x + 9, above + 4, name);
  });
}
