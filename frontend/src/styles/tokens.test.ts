import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const PAIRS = [
  ['text', 'surface'],
  ['text', 'surface-raised'],
  ['text', 'surface-hover'],
  ['text', 'bubble-own'],
  ['text', 'bubble-other'],
  ['text', 'button'],
  ['text', 'button-hover'],
  ['text', 'accent-soft'],
  ['text', 'mention'],
  ['text-muted', 'surface'],
  ['text-muted', 'surface-raised'],
  ['text-muted', 'surface-sunk'],
  ['text-muted', 'bubble-own'],
  ['accent', 'surface'],
  ['accent', 'surface-raised'],
  ['accent', 'bubble-own'],
  ['accent', 'bubble-other'],
  ['on-accent', 'accent'],
  ['danger', 'surface-raised'],
  ['danger', 'danger-soft'],
  ['danger', 'surface-sunk'],
  ['code-word', 'surface-sunk'],
  ['code-string', 'surface-sunk'],
  ['code-number', 'surface-sunk'],
  ['code-name', 'surface-sunk'],
] as const;

/** What bounds a field, and the grounds on which fields are. */
const EDGES = [
  ['edge', 'surface'],
  ['edge', 'surface-raised'],
  ['edge', 'surface-sunk'],
] as const;

type Colour = [number, number, number];

/** Returns the linear light of an OKLCH colour (CSS Color 4), clipped to a screen's range. */
function linear([l, c, h]: Colour): Colour {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((v) => v ** 3) as Colour;
  const rgb = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
  return rgb.map((v) => Math.min(1, Math.max(0, v))) as Colour;
}

function contrast(one: Colour, other: Colour): number {
  const [a, b] = [one, other].map((colour) => {
    const [red, green, blue] = linear(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const HUES = [...css.matchAll(/--accent-hue: (\d+);/g)].map((found) => Number(found[1]));
const LOOKS = ['light', 'dark', 'contrast'].flatMap((theme) => HUES.map((hue) => [theme, hue] as const));

it('knows the hues that can be chosen', () => expect(HUES.length).toBe(5));

/** Returns a colour as the screen shows it: `#fbfaf7`. */
function hex(colour: Colour): string {
  const coded = linear(colour).map((v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  return `#${coded
    .map((v) =>
      Math.round(v * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe.each(LOOKS)('the %s theme with an accent of hue %i', (theme, hue) => {
  const block = css.split(`[data-theme="${theme}"] {`)[1]?.split('}')[0] ?? '';
  const number = (text: string): number => (text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text));
  const token = (name: string): Colour => {
    const found = new RegExp(`--${name}: oklch\\(([\\d.%]+) ([\\d.]+) ([\\d.]+|var\\(--accent-hue\\))`).exec(block);
    if (!found) throw new Error(`no ${name}`);
    return [number(found[1] ?? ''), Number(found[2]), found[3]?.startsWith('var') ? hue : Number(found[3])];
  };

  it('has the colour of the browser’s bars', () => {
    expect(read('public/theme.js')).toContain(`${theme}: '${hex(token('surface'))}'`);
    if (theme !== 'light') return;
    for (const name of ['index.html', 'public/manifest.webmanifest'])
      expect(read(name)).toContain(hex(token('surface')));
  });

  it('has buttons that rise from a dialog in the dark', () => {
    const [button, dialog] = [token('button')[0], token('surface-raised')[0]];
    if (theme === 'light') expect(button).toBeLessThan(dialog);
    else expect(button).toBeGreaterThan(dialog);
  });

  it.each(PAIRS)('%s can be read on %s', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });

  /** Returns the twelve colours of people, of their pictures or names. */
  const colours = (of: 'avatar' | 'name'): Colour[] => {
    const l = number(new RegExp(`--${of}-l: ([\\d.%]+)`).exec(block)?.[1] ?? '');
    const c = Number(new RegExp(`--${of}-c: ([\\d.]+)`).exec(block)?.[1]);
    return Array.from({ length: 12 }, (_, n) => [l, c, n * 30]);
  };

  it.each(EDGES)('%s can be seen on %s', (edge, ground) => {
    expect(contrast(token(edge), token(ground))).toBeGreaterThanOrEqual(3);
  });

  it('has initials that can be read on all twelve grounds', () => {
    for (const ground of colours('avatar')) expect(contrast(token('on-avatar'), ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('has names that can be read in all twelve colours', () => {
    for (const name of colours('name')) expect(contrast(name, token('bubble-other'))).toBeGreaterThanOrEqual(4.5);
  });
});

const sheets = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.css'))
  .map((name) => [name, readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')] as const);

const FIELD = /\b(input|textarea|select|search|box)\b(?!.*::)/;
const FAINT = /border: 1px solid (var\(--line\)|transparent)/;

/** Returns the rules for fields that are bounded by the colour of mere lines, or by none. */
const faint = (sheet: string): string[] =>
  [...sheet.matchAll(/([^{}]*)\{([^{}]*)\}/g)].flatMap(([, names = '', rule = '']) =>
    FIELD.test(names) && FAINT.test(rule) ? [names.trim()] : [],
  );

it('bounds every field by an edge that can be seen', () => {
  expect(faint('.box input { border: 1px solid var(--line); }')).toEqual(['.box input']);
  expect(sheets.flatMap(([name, sheet]) => faint(sheet).map((rule) => `${name}: ${rule}`))).toEqual([]);
});

it('gives no line of text a height in pixels, which larger text would not fit', () => {
  const fixed = /line-height: [\d.]+px|grid-template: "[^;]*" [\d.]+px/;
  expect('grid-template: "name" 22px "line" 20px').toMatch(fixed);
  expect(sheets.filter(([, sheet]) => fixed.test(sheet)).map(([name]) => name)).toEqual([]);
});
