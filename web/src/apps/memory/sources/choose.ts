// What was dropped or chosen, and which sources it makes.

export interface Chosen {
  file: File;
  /** Below what was chosen: "Notes/2026/May.md", or only a name. */
  path: string;
}

export interface Planned {
  name: string;
  /** The folder of the home that holds it all, or undefined for a single file that is a source by itself. */
  folder: string | undefined;
  files: { file: File; folder: string }[];
}

const root = '/Imported';
const loose = `${root}/Documents`;

// Files that are read one by one, however many there are; what else comes alone (a mailbox, an export) is a source by itself.
const single = /\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|epub|html?|md|markdown|jpe?g|png|heic|webp|tiff?|gif|mp3|m4a|wav|ogg|opus|flac|aac|eml)$/i;

/** Hidden files and what programs leave behind are no memory of anyone's. */
export function isClutter(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === 'node_modules' || part === 'Thumbs.db' || part === '__MACOSX');
}

/** Groups what was chosen: a folder is one source, loose documents are one together, everything else is one each. */
export function plan(chosen: readonly Chosen[], looseName: string): Planned[] {
  const sources = new Map<string, Planned>();
  const into = (key: string, name: string, folder: string | undefined): Planned => {
    const known = sources.get(key);
    if (known) return known;
    const made: Planned = { name, folder, files: [] };
    sources.set(key, made);
    return made;
  };
  for (const { file, path } of chosen) {
    if (isClutter(path)) continue;
    const parts = path.split('/').filter((part) => part !== '');
    const top = parts.length > 1 ? parts[0] : undefined;
    if (top !== undefined) {
      const inside = parts.slice(0, -1).join('/');
      into(`folder:${top}`, top, `${root}/${top}`).files.push({ file, folder: `${root}/${inside}` });
    } else if (single.test(file.name)) {
      into('loose', looseName, loose).files.push({ file, folder: loose });
    } else {
      into(`file:${file.name}`, withoutExtension(file.name), undefined).files.push({ file, folder: root });
    }
  }
  return [...sources.values()];
}

export function withoutExtension(name: string): string {
  return name.replace(/(?<=.)\.[^.\s]{1,8}$/, '');
}

/** The files of an <input type=file>, a folder's with their paths. */
export function chosenIn(list: Iterable<File>): Chosen[] {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** The files that were dropped, folders walked to their ends. Call it in the drop event itself: its items are gone later. */
export function dropped(transfer: DataTransfer): Promise<Chosen[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(chosenIn(transfer.files));
  return Promise.all(entries.map((entry) => walk(entry, ''))).then((found) => found.flat());
}

async function walk(entry: FileSystemEntry, above: string): Promise<Chosen[]> {
  const path = above === '' ? entry.name : `${above}/${entry.name}`;
  if (isClutter(path)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Chosen[] = [];
  for (;;) {
    // It gives a hundred at a time, and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const child of some) found.push(...(await walk(child, path)));
  }
}
