import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError, call, errorOf, linesOf, onSignedOut, stream } from './transport';

const answer = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => vi.stubGlobal('fetch', answer));
afterEach(() => {
  vi.unstubAllGlobals();
  answer.mockReset();
});

function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe('call', () => {
  test('posts JSON with the header that other sites cannot send', async () => {
    answer.mockResolvedValue(new Response('{"entries":[]}'));
    expect(await call('files.list', { path: '/' })).toEqual({ entries: [] });
    const [url, init] = answer.mock.calls[0] ?? [];
    expect(url).toBe('/api/files.list');
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', body: '{"path":"/"}' });
    expect(init?.headers).toMatchObject({ 'X-Hearth-Client': 'desktop', 'Content-Type': 'application/json' });
  });

  test("throws the box's error", async () => {
    answer.mockResolvedValue(new Response('{"error":{"code":"not_found","message":"No such folder.","context":["a"]}}', { status: 404 }));
    const error = await failure(call('files.list', {}));
    expect(error).toMatchObject({ code: 'not_found', message: 'No such folder.', status: 404, context: ['a'] });
  });

  test('says unreachable when nothing answers, cancelled when the caller left', async () => {
    answer.mockRejectedValue(new TypeError('Failed to fetch'));
    expect((await failure(call('files.list', {}))).code).toBe('unreachable');
    const abort = new AbortController();
    abort.abort();
    expect((await failure(call('files.list', {}, abort.signal))).code).toBe('cancelled');
  });

  test('does not believe a page that is not JSON', async () => {
    answer.mockResolvedValue(new Response('<html>proxy</html>'));
    expect((await failure(call('files.list', {}))).code).toBe('internal');
  });

  test('tells when nobody is signed in any more, but not about signing in', async () => {
    const told = vi.fn();
    const end = onSignedOut(told);
    const refused = () => new Response('{"error":{"code":"unauthenticated","message":"no"}}', { status: 401 });
    answer.mockImplementation(() => Promise.resolve(refused()));
    await failure(call('identity.sign_in', {}));
    expect(told).not.toHaveBeenCalled();
    await failure(call('files.list', {}));
    expect(told).toHaveBeenCalledOnce();
    end();
    await failure(call('files.list', {}));
    expect(told).toHaveBeenCalledOnce();
  });
});

test.each([
  [401, 'unauthenticated'],
  [404, 'not_found'],
  [413, 'too_large'],
  [429, 'too_many'],
  [502, 'internal'],
  [507, 'no_space'],
  [418, 'invalid_input'],
])('status %i without an error of ours becomes %s', (status, code) => {
  for (const body of ['', 'oops', '{"error":"text"}', '[]', 'null']) expect(errorOf(status, body).code).toBe(code);
});

describe('streams', () => {
  test('lines come whole, however the bytes are cut', async () => {
    const bytes = new TextEncoder().encode('{"a":"炉"}\n\n{"b":2}\n{"c":3}');
    for (let cut = 1; cut < bytes.length; ++cut) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes.slice(0, cut));
          controller.enqueue(bytes.slice(cut));
          controller.close();
        },
      });
      const lines: string[] = [];
      for await (const line of linesOf(body)) lines.push(line);
      expect(lines).toEqual(['{"a":"炉"}', '{"b":2}', '{"c":3}']);
    }
  });

  test('events come as they are, and an error ends them', async () => {
    answer.mockResolvedValue(new Response(pieces('{"n":1}\n{"n"', ':2}\n{"error":{"code":"unavailable","message":"gone"}}\n')));
    const seen: unknown[] = [];
    const error = await failure(
      (async () => {
        for await (const event of stream('system.watch', {})) seen.push(event);
      })(),
    );
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    expect(error.code).toBe('unavailable');
  });
});
