/** The table of a run: each figure beside its goal, and the file in which the results are kept. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../forked';

const FILE = join(ROOT, 'bench/results-web.md');
const TITLE = '# Results of the client\n';

const shown = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 0);

/** Figures by row and column, in the order in which they were noted. */
export class Table {
  private readonly rows = new Map<string, Map<string, string>>();

  constructor(
    private readonly title: string,
    private readonly columns: readonly string[],
    private readonly goals: Readonly<Record<string, string>> = {},
  ) {}

  note(column: string, row: string, value: number | string): void {
    const cells = this.rows.get(row) ?? new Map<string, string>();
    const text = typeof value === 'number' ? shown(value) : value;
    this.rows.set(row, cells.set(column, text));
    console.log(`${column}: ${row}: ${text}`);
  }

  /** Says which goals no figure of this run answers. */
  get missing(): string[] {
    return Object.keys(this.goals).filter((row) => !this.rows.has(row));
  }

  lines(): string[] {
    if (!this.rows.size) return [];
    const hasGoals = Object.keys(this.goals).length > 0;
    const head = [this.title, ...(hasGoals ? ['goal'] : []), ...this.columns];
    const all = [...this.rows].map(([row, cells]) => [
      row,
      ...(hasGoals ? [this.goals[row] ?? ''] : []),
      ...this.columns.map((column) => cells.get(column) ?? ''),
    ]);
    return [head, head.map(() => '---'), ...all].map((cells) => `| ${cells.join(' | ')} |`);
  }
}

/** Returns how busy the machine is. */
const load = (): string => (loadavg()[0] ?? 0).toFixed(1);
const before = load();

/** Prints the tables of a run, and writes them as the newest entry of the file. */
export function publish(title: string, words: string, tables: readonly Table[]): void {
  const now = new Date().toISOString();
  const version = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const machine = `${cpus().length} processors, load ${before} at the beginning, ${load()} at the end, version ${version}.`;
  const parts = tables.map((one) => one.lines().join('\n')).filter(Boolean);
  const entry = [`## ${now.slice(0, 10)}, ${now.slice(11, 16)} UTC: ${title}`, `${machine} ${words}`.trim(), ...parts];
  console.log(entry.join('\n\n'));
  const kept = readFileSync(FILE, 'utf8');
  writeFileSync(
    FILE,
    kept.replace(TITLE, () => `${TITLE}\n${entry.join('\n\n')}\n`),
  );
}
