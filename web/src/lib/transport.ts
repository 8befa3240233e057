// The one module that speaks HTTP to the box's operations. Everything else calls the generated client.
import { language } from './i18n/index.svelte';

/** An error as the box reports it, in the person's language; `unreachable`, without a message, when no answer came at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly context: readonly string[];

  constructor(code: string, message: string, status = 0, context: readonly string[] = []) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.context = context;
  }
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the box says that nobody is signed in any more. Returns what ends it. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

const answeredListeners = new Set<Listener>();

/** Calls back whenever the box has answered a call, whatever it said. Returns what ends it. */
export function onAnswered(listener: Listener): () => void {
  answeredListeners.add(listener);
  return () => answeredListeners.delete(listener);
}

/** What every request of the page carries: that it is ours (another site cannot send this, so it cannot act for the person),
 * and the language in which the box shall say what went wrong. */
export function pageHeaders(): Record<string, string> {
  return { 'X-Hearth-Client': 'desktop', 'Accept-Language': language() };
}

/** Reads the error out of an answer's body; bodies that are no error of ours become one by their status. */
export function errorOf(status: number, body: string): ApiError {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'error' in parsed) {
      const error = (parsed as { error: unknown }).error;
      if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
        const { code } = error;
        const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
        const context = 'context' in error && Array.isArray(error.context) ? error.context.map(String) : [];
        return new ApiError(code, message, status, context);
      }
    }
  } catch {
    // Not JSON: fall through to the status.
  }
  const codes: Record<number, string> = {
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'too_large',
    429: 'too_many',
    503: 'unavailable',
    507: 'no_space',
  };
  const code = codes[status] ?? (status >= 500 ? 'internal' : 'invalid_input');
  return new ApiError(code, '', status);
}

function tellSignedOut(operation: string, error: ApiError): void {
  if (error.code !== 'unauthenticated' || operation.startsWith('identity.sign_in') || operation === 'identity.state') return;
  for (const listener of [...signedOutListeners]) listener();
}

async function post(operation: string, input: unknown, accept: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/${operation}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...pageHeaders(), 'Content-Type': 'application/json', Accept: accept },
      body: JSON.stringify(input ?? {}),
      ...(signal ? { signal } : {}),
    });
  } catch {
    throw new ApiError(signal?.aborted ? 'cancelled' : 'unreachable', '');
  }
  for (const listener of [...answeredListeners]) listener();
  if (!response.ok) {
    const error = errorOf(response.status, await response.text().catch(() => ''));
    tellSignedOut(operation, error);
    throw error;
  }
  return response;
}

/** Calls a unary operation. Throws ApiError. */
export async function call<I, O>(operation: string, input: I, signal?: AbortSignal): Promise<O> {
  const response = await post(operation, input, 'application/json', signal);
  const text = await response.text();
  try {
    return (text === '' ? {} : JSON.parse(text)) as O;
  } catch {
    throw new ApiError('internal', '', response.status);
  }
}

/** Whether the box has something at one of its own addresses, for links that may lead nowhere. */
export async function offers(path: string): Promise<boolean> {
  try {
    return (await fetch(path, { method: 'HEAD', credentials: 'same-origin', headers: pageHeaders() })).ok;
  } catch {
    return false;
  }
}

/** Splits a byte stream into lines; the last one need not end. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield line;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Calls a streaming operation: one event per line, an error as the last one. Throws ApiError. */
export async function* stream<I, E>(operation: string, input: I, signal?: AbortSignal): AsyncGenerator<E> {
  const response = await post(operation, input, 'application/x-ndjson', signal);
  if (!response.body) return;
  try {
    for await (const line of linesOf(response.body)) {
      const event = JSON.parse(line) as unknown;
      if (typeof event === 'object' && event !== null && 'error' in event && Object.keys(event).length === 1) {
        throw errorOf(response.status, line);
      }
      yield event as E;
    }
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    if (signal?.aborted) return;
    throw new ApiError('unreachable', '');
  }
}
