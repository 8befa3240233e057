// A box of one's own for a test: the real program on a free port, with a home that goes away with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env['HEARTHD'] ?? join(top, 'build/release/bin/hearthd');
const desktop = process.env['HEARTH_DESKTOP'] ?? join(top, 'web/dist');

export class Box {
  private constructor(
    readonly address: string,
    /** Empty when the home has an owner. */
    readonly setupCode: string,
    readonly home: string,
    private readonly process: ChildProcess,
  ) {}

  /** On a new home, or on a copy of one; on a port of its own, or a given one. */
  static async start(from?: string, port = 0): Promise<Box> {
    for (const needed of [binary, join(desktop, 'index.html')]) {
      if (!existsSync(needed)) throw new Error(`${needed} is missing: build first`);
    }
    const home = mkdtempSync(join(tmpdir(), 'hearth-browser-'));
    if (from) cpSync(from, home, { recursive: true });
    const child = spawn(binary, ['--home', home, '--http', `127.0.0.1:${port}`, '--desktop', desktop], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    let said = '';
    const [address, setupCode] = await new Promise<[string, string]>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the box did not start:\n${said}`)), 20_000);
      const hear = (piece: Buffer) => {
        said += piece.toString();
        const at = /(http:\/\/hearth\.localhost:\d+)/.exec(said)?.[1];
        const code = from ? '' : /Setup code: (\S+)/.exec(said)?.[1];
        if (!at || code === undefined) return;
        clearTimeout(late);
        resolve([at, code]);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('exit', (status) => reject(new Error(`the box ended with ${status}:\n${said}`)));
    });
    return new Box(address, setupCode, home, child);
  }

  /** Calls an operation without a page; gives the cookies that were set. */
  async call(operation: string, input: unknown): Promise<{ name: string; value: string }[]> {
    const { host, port } = new URL(this.address);
    const headers = { Host: host, 'Content-Type': 'application/json', 'X-Hearth-Client': 'tests' };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: `/api/${operation}`, method: 'POST', headers }, resolve).on('error', reject).end(JSON.stringify(input));
    });
    answer.resume();
    if (answer.statusCode !== 200) throw new Error(`${operation}: ${answer.statusCode}`);
    return (answer.headers['set-cookie'] ?? []).map((cookie) => {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      return { name, value };
    });
  }

  /** Ends it and removes its home. */
  async stop(): Promise<void> {
    await this.end();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Ends it; its home stays. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 8000);
    await ended;
    clearTimeout(late);
  }
}
