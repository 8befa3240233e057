// Sends what was chosen into the home and has it read: one of these for each drop or form.
import { api } from '$lib/api.gen';
import { live } from '$lib/live.svelte';
import { ApiError } from '$lib/transport';
import { cancel, upload, uploads, type Upload } from '$lib/uploads.svelte';
import type { SourceKind } from '../kinds';
import type { Planned } from './choose';

export interface Wanted {
  kind?: SourceKind;
  name?: string;
}

export class Bringing {
  files = $state.raw<Upload[]>([]);
  failure = $state.raw<unknown>();
  busy = $state(false);
  stopped = $state(false);
  total = $derived(this.files.reduce((sum, entry) => sum + entry.size, 0));
  sent = $derived(this.files.reduce((sum, entry) => sum + entry.sent, 0));
  #made = new Set<string>();

  /** Resolves to whether every source has been given to the box; what went wrong is in `failure`. */
  async bring(sources: readonly Planned[], wanted: Wanted = {}): Promise<boolean> {
    this.busy = true;
    this.stopped = false;
    this.failure = undefined;
    try {
      for (const source of sources) await this.#one(source, wanted);
      return true;
    } catch (error) {
      if (!this.stopped) this.failure = error;
      return false;
    } finally {
      this.busy = false;
      this.files = [];
      await live.refreshJobs();
    }
  }

  stop(): void {
    this.stopped = true;
    for (const entry of this.files) cancel(entry);
  }

  async #one(source: Planned, wanted: Wanted): Promise<void> {
    await this.#makeFolders(source.files.map((entry) => entry.folder));
    const before = uploads.length;
    const waits = source.files.map(({ file, folder }) => upload(file, folder));
    this.files = uploads.slice(before);
    const results = await Promise.all(waits);
    const failed = results.find((entry) => entry.state === 'failed');
    if (failed) throw failed.error;
    if (this.stopped || results.some((entry) => entry.state === 'cancelled')) throw new ApiError('cancelled', '');
    const path = source.folder ?? results[0]?.path;
    if (path === undefined) return;
    await api.memory.import({ path, name: wanted.name ?? source.name, ...(wanted.kind ? { kind: wanted.kind } : {}) });
  }

  async #makeFolders(paths: readonly string[]): Promise<void> {
    for (const folder of [...new Set(paths)].sort()) {
      const parts = folder.split('/').filter(Boolean);
      for (let depth = 1; depth <= parts.length; ++depth) {
        const part = `/${parts.slice(0, depth).join('/')}`;
        if (this.#made.has(part)) continue;
        await api.files.makeFolder({ path: part }).catch((error: unknown) => {
          if (!(error instanceof ApiError && (error.code === 'already_exists' || error.code === 'conflict'))) throw error;
        });
        this.#made.add(part);
      }
    }
  }
}
