// What is done to entries: one after the other; what fails is told, and the rest goes on.
import { api } from '$lib/api.gen';
import { t } from '$lib/i18n/index.svelte';
import { live } from '$lib/live.svelte';
import { downloadUrl, isWithin, join, nameOf, parent, splitExtension } from '$lib/paths';
import { explain } from '$lib/ui/explain';
import { oneLine } from '$lib/ui/text';
import { toast } from '$lib/ui/toasts.svelte';
import { upload } from '$lib/uploads.svelte';
import type { Listing } from './listing.svelte';

export class Actions {
  readonly #listing: Listing;
  clipboard = $state.raw<{ paths: string[]; cut: boolean } | undefined>();

  constructor(listing: Listing) {
    this.#listing = listing;
  }

  async #each(paths: string[], action: (path: string) => Promise<unknown>): Promise<number> {
    let done = 0;
    for (const path of paths) {
      try {
        await action(path);
        done += 1;
      } catch (error) {
        toast(`${oneLine(nameOf(path))}: ${explain(error)}`, { kind: 'bad' });
      }
    }
    this.#listing.soon();
    return done;
  }

  async trash(): Promise<void> {
    const ids: string[] = [];
    const count = await this.#each([...this.#listing.selected], async (path) => ids.push((await api.files.trash({ path })).id));
    if (count > 0) {
      toast(t('files.trashed', { count }), {
        action: { label: t('files.undo'), run: () => void this.#each(ids, (id) => api.files.restore({ id })) },
      });
    }
  }

  async move(paths: string[], folder: string): Promise<void> {
    const count = await this.#each(
      paths.filter((path) => parent(path) !== folder && !isWithin(folder, path)),
      (path) => api.files.move({ from: path, to: join(folder, nameOf(path)) }),
    );
    if (count > 0) toast(t('files.moved', { count, folder: folder === '/' ? t('files.home') : oneLine(nameOf(folder)) }));
  }

  async copy(paths: string[], folder: string): Promise<void> {
    await this.#each(paths, (path) => copyTo(path, folder));
  }

  /** Keeps what is selected for paste(). */
  hold(cut: boolean): void {
    const { selected } = this.#listing;
    if (selected.size === 0) return;
    this.clipboard = { paths: [...selected], cut };
    toast(t(cut ? 'files.cut_held' : 'files.copy_held', { count: selected.size }));
  }

  async paste(): Promise<void> {
    const held = this.clipboard;
    if (!held) return;
    if (!held.cut) return this.copy(held.paths, this.#listing.path);
    this.clipboard = undefined;
    await this.move(held.paths, this.#listing.path);
  }

  download(): void {
    for (const entry of this.#listing.chosen()) {
      const link = document.createElement('a');
      link.href = downloadUrl(entry.path, true);
      link.download = entry.name;
      link.click();
    }
  }

  send(files: Iterable<File>, folder = this.#listing.path): void {
    for (const file of files) void upload(file, folder).then(() => this.#listing.soon());
  }

  /** Files and folders dropped from outside; a folder is walked, so that its shape arrives too. */
  async drop(event: DragEvent): Promise<void> {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const folder = this.#listing.path;
    const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
    const plain = [...event.dataTransfer.files];
    if (items.every((item) => item === null || item.isFile)) return this.send(plain, folder);
    try {
      for (const item of items) if (item) await this.#sendTree(item, folder);
    } catch (error) {
      toast(explain(error), { kind: 'bad' });
    }
  }

  async #sendTree(item: FileSystemEntry, folder: string): Promise<void> {
    if (item.isFile) {
      const file = await new Promise<File>((resolve, reject) => (item as FileSystemFileEntry).file(resolve, reject));
      this.send([file], folder);
      return;
    }
    const inside = join(folder, item.name);
    await api.files.makeFolder({ path: inside });
    const reader = (item as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) return;
      for (const child of batch) await this.#sendTree(child, inside);
    }
  }
}

/** "notes.txt" → "notes 2.txt" where the name is taken. */
async function copyTo(path: string, folder: string): Promise<void> {
  const [stem, extension] = splitExtension(nameOf(path));
  for (let number = 1; ; ++number) {
    const to = join(folder, number === 1 ? nameOf(path) : `${stem} ${number}${extension}`);
    if (to === path) continue;
    try {
      const { job } = await api.files.copy({ from: path, to });
      if (job) await live.refreshJobs();
      return;
    } catch (error) {
      if (number >= 50 || !(error instanceof Error && 'code' in error && error.code === 'already_exists')) throw error;
    }
  }
}
