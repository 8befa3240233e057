// Paths in a home: absolute, with '/' between names and none at the end.

/** The bytes of UTF-8 that a name may take. */
export const longestName = 255;

export function join(folder: string, name: string): string {
  return folder === '/' || folder === '' ? `/${name}` : `${folder}/${name}`;
}

export function parent(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders on the way to a path, with their names: "/a/b" → [["a", "/a"], ["b", "/a/b"]]. */
export function trail(path: string): [string, string][] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name, index) => [name, `/${names.slice(0, index + 1).join('/')}`]);
}

/** Where the bytes of a file are. */
export function downloadUrl(path: string, attachment: boolean): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/files${encoded}${attachment ? '?download=1' : ''}`;
}

/** A place on the box's disk as its owner knows it: below their home when it lies there, else as it is. */
export function asOwnPath(place: string, person: string): string {
  const home = `/files/${person}/home`;
  const at = place.indexOf(home);
  if (at < 0) return place;
  const rest = place.slice(at + home.length);
  return rest === '' ? '/' : rest.startsWith('/') ? rest : place;
}

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** "notes.tar.gz" → ["notes", ".tar.gz"], for renaming the part before the extension. */
export function splitExtension(name: string): [string, string] {
  const match = /^(.+?)((?:\.tar)?\.[^.\s]{1,10})$/.exec(name);
  return match ? [match[1] ?? name, match[2] ?? ''] : [name, ''];
}
