// Resumable uploads (tus 1.0.0: creation, HEAD for the offset, PATCH in pieces). An upload that broke off goes on where it
// was, in this page or the next: the address is remembered by the file's name, size, time and folder.
import { remember, remembered } from './remember';
import { ApiError, errorOf, pageHeaders } from './transport';

const pieceSize = 8 * 1024 * 1024;
const attempts = 6;
const parallel = 2;

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
  readonly size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'done' | 'failed' | 'cancelled';
  error: unknown;
  /** Where it lies once it is done: with a number in its name when the name was taken. */
  path: string;
}

interface Work {
  upload: Upload;
  file: File;
  abort: AbortController;
  settle: (result: Upload) => void;
}

let next = 1;
const queue: Work[] = [];
let running = 0;
export const uploads = $state<Upload[]>([]);

const abortions = new Map<number, AbortController>();
const files = new Map<number, File>();

/** Sends a file into a folder of the home. Resolves when it has arrived, failed or been cancelled: see `state`. */
export function upload(file: File, folder: string, name: string = file.name): Promise<Upload> {
  uploads.push({ id: next++, name, folder, size: file.size, sent: 0, state: 'waiting', error: undefined, path: '' });
  const entry = uploads[uploads.length - 1] as Upload; // the reactive one
  files.set(entry.id, file);
  return enqueue(entry, file);
}

export function retry(entry: Upload): Promise<Upload> {
  const file = files.get(entry.id);
  if (!file) return Promise.resolve(entry);
  entry.error = undefined;
  entry.state = 'waiting';
  return enqueue(entry, file);
}

export function cancel(entry: Upload): void {
  abortions.get(entry.id)?.abort();
  if (entry.state === 'waiting') entry.state = 'cancelled';
}

/** Takes finished, failed and cancelled uploads out of the list. */
export function clearFinished(): void {
  for (let at = uploads.length - 1; at >= 0; --at) {
    const entry = uploads[at];
    if (entry && entry.state !== 'waiting' && entry.state !== 'sending') {
      files.delete(entry.id);
      uploads.splice(at, 1);
    }
  }
}

function enqueue(entry: Upload, file: File): Promise<Upload> {
  const abort = new AbortController();
  abortions.set(entry.id, abort);
  return new Promise((settle) => {
    queue.push({ upload: entry, file, abort, settle });
    pump();
  });
}

function pump(): void {
  while (running < parallel) {
    const work = queue.shift();
    if (!work) return;
    running += 1;
    void perform(work).finally(() => {
      running -= 1;
      pump();
    });
  }
}

async function perform({ upload: entry, file, abort, settle }: Work): Promise<void> {
  const key = `upload.${entry.folder}/${entry.name}.${file.size}.${file.lastModified}`;
  try {
    if (abort.signal.aborted) throw new ApiError('cancelled', '');
    entry.state = 'sending';
    for (let attempt = 1; ; ++attempt) {
      try {
        await transfer(entry, file, key, abort.signal);
        break;
      } catch (error) {
        const transient = error instanceof ApiError && (error.code === 'unreachable' || error.status >= 500 || error.code === 'conflict');
        if (abort.signal.aborted || !transient || attempt >= attempts || error.status === 507) throw error;
        await pause(500 * 2 ** attempt, abort.signal);
      }
    }
    entry.sent = entry.size;
    entry.state = 'done';
    remember(key, undefined);
  } catch (error) {
    if (abort.signal.aborted) {
      entry.state = 'cancelled';
      const address = remembered<string>(key, '');
      remember(key, undefined);
      if (address) await send('DELETE', address, {}).catch(() => undefined);
    } else {
      entry.state = 'failed';
      entry.error = error;
    }
  } finally {
    abortions.delete(entry.id);
    settle(entry);
  }
}

async function transfer(entry: Upload, file: File, key: string, signal: AbortSignal): Promise<void> {
  let address = remembered<string>(key, '');
  let offset = 0;
  if (address) {
    const known = await send('HEAD', address, {}, undefined, signal).catch((error: unknown) => {
      if (error instanceof ApiError && error.code !== 'unreachable') return undefined; // it has expired: begin anew
      throw error;
    });
    if (known) {
      offset = Number(known.headers.get('Upload-Offset') ?? 0);
      entry.path = placeIn(known.headers.get('Hearth-Path'), entry);
    } else {
      address = '';
    }
  }
  if (!address) {
    // Not broken off by a cancellation: what the box has made must be known by its address to be taken away again.
    const created = await send('POST', '/uploads', { 'Upload-Length': String(file.size), 'Upload-Metadata': metadata(entry, file) });
    const location = created.headers.get('Location') ?? '';
    const url = new URL(location, globalThis.location.href);
    address = url.pathname + url.search;
    offset = Number(created.headers.get('Upload-Offset') ?? 0);
    entry.path = placeIn(created.headers.get('Hearth-Path'), entry);
    remember(key, address);
  }
  if (signal.aborted) throw new ApiError('cancelled', '');
  entry.sent = offset;
  while (offset < file.size) {
    const answer = await sendPiece(address, file.slice(offset, offset + pieceSize), offset, signal, (sent) => (entry.sent = offset + sent));
    if (answer.offset <= offset) throw new ApiError('internal', '');
    offset = answer.offset;
    entry.path = placeIn(answer.path, entry);
    entry.sent = offset;
  }
}

function placeIn(header: string | null, entry: Upload): string {
  if (header) return decodeURIComponent(header);
  return `${entry.folder === '/' ? '' : entry.folder}/${entry.name}`;
}

function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function metadata(entry: Upload, file: File): string {
  const fields = { filename: entry.name, folder: entry.folder, filetype: file.type, modified: new Date(file.lastModified).toISOString() };
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(',');
}

async function send(method: string, address: string, headers: Record<string, string>, body?: Blob, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      credentials: 'same-origin',
      headers: { ...pageHeaders(), 'Tus-Resumable': '1.0.0', ...headers },
      ...(body ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
  } catch {
    throw new ApiError(signal?.aborted ? 'cancelled' : 'unreachable', '');
  }
  if (!response.ok) throw errorOf(response.status, await response.text().catch(() => ''));
  return response;
}

// XMLHttpRequest, because fetch does not say how much of a body has been sent. Gives the new offset, and at
// the end where the file lies.
function sendPiece(address: string, piece: Blob, offset: number, signal: AbortSignal, progress: (sent: number) => void): Promise<{ offset: number; path: string | null }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener('abort', stop);
    request.open('PATCH', address);
    for (const [name, value] of Object.entries({
      ...pageHeaders(),
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
    })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onloadend = () => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(new ApiError('cancelled', ''));
      else if (request.status === 0) reject(new ApiError('unreachable', ''));
      else if (request.status >= 300) reject(errorOf(request.status, request.responseText));
      else resolve({ offset: Number(request.getResponseHeader('Upload-Offset') ?? offset + piece.size), path: request.getResponseHeader('Hearth-Path') });
    };
    request.send(piece);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
