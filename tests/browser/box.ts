// A box of one's own for a test: the real program on a free port, with a home that goes away with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env['HEARTHD'] ?? join(top, 'build/release/bin/hearthd');
const desktop = join(top, 'web/dist');

export class Box {
  private constructor(
    readonly address: string,
    readonly setupCode: string,
    readonly home: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<Box> {
    for (const needed of [binary, join(desktop, 'index.html')]) {
      if (!existsSync(needed)) throw new Error(`${needed} is missing: build first`);
    }
    const home = mkdtempSync(join(tmpdir(), 'hearth-browser-'));
    const child = spawn(binary, ['--home', home, '--http', '127.0.0.1:0', '--desktop', desktop], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    let said = '';
    const [address, setupCode] = await new Promise<[string, string]>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the box did not start:\n${said}`)), 20_000);
      const hear = (piece: Buffer) => {
        said += piece.toString();
        const at = /(http:\/\/hearth\.localhost:\d+)/.exec(said)?.[1];
        const code = /Setup code: (\S+)/.exec(said)?.[1];
        if (!at || !code) return;
        clearTimeout(late);
        resolve([at, code]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', (status) => reject(new Error(`the box ended with ${status}:\n${said}`)));
    });
    return new Box(address, setupCode, home, child);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 8000);
    await ended;
    clearTimeout(late);
    rmSync(this.home, { recursive: true, force: true });
  }
}
