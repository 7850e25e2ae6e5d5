/** Forks servers from one process that has imported everything (`backend/tests/mother.py`): that costs a fraction. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

export const ROOT = new URL('..', import.meta.url).pathname;
export const PYTHON = join(ROOT, '.venv/bin/python');

/** Answers a line of JSON with the number of a new process, or with the exit status of one (null: it runs). */
class Mother {
  private readonly process = spawn(PYTHON, ['-m', 'tests.mother'], {
    cwd: join(ROOT, 'backend'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  private readonly waiting: ((answer: number | null) => void)[] = [];

  constructor() {
    const lines = createInterface({ input: this.process.stdout });
    lines.on('line', (line) => this.waiting.shift()?.(JSON.parse(line) as number | null));
  }

  ask(question: object): Promise<number | null> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.process.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }
}

let mother: Mother | undefined;

function ask(question: object): Promise<number | null> {
  mother ??= new Mother();
  return mother.ask(question);
}

/** A server that was forked. */
export class Forked {
  private status: number | null = null;

  private constructor(private readonly pid: number) {}

  /** Forks a command with an environment; its output is dropped. `build` names the function that prepares it. */
  static async begun(
    command: 'migrate' | 'serve',
    environment: NodeJS.ProcessEnv,
    build: string | null = null,
  ): Promise<Forked> {
    const out = '/dev/null';
    const pid = await ask({ arguments: [command], environment, out, err: out, build });
    return new Forked(pid as number);
  }

  /** Waits for the end, and returns the exit status. */
  async ended(): Promise<number | null> {
    while (!(await this.hasEnded())) await setTimeout(10);
    return this.status;
  }

  /** Sends a signal, and waits for the end. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (await this.hasEnded()) return;
    process.kill(this.pid, signal);
    await this.ended();
  }

  private async hasEnded(): Promise<boolean> {
    this.status ??= await ask({ pid: this.pid });
    return this.status !== null;
  }
}
