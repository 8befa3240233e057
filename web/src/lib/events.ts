// Live events of the box: one WebSocket for the page, opened anew with growing pauses when it breaks.

export interface BoxEvent {
  topic: string;
  data: unknown;
}

type Listener = (event: BoxEvent) => void;

const listeners = new Map<string, Set<Listener>>();
const signedOut = 4401; // the box closes with this when the session has ended
let socket: WebSocket | undefined;
let wanted = false;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function deliver(event: BoxEvent): void {
  for (const listener of [...(listeners.get(event.topic) ?? [])]) listener(event);
}

/** The pause before the nth attempt, in milliseconds: 0.5 s doubling to 20 s, spread so that pages do not come at once. */
export function pauseBefore(nth: number, random: () => number = Math.random): number {
  return Math.min(20_000, 500 * 2 ** Math.min(nth, 6)) * (0.75 + random() / 2);
}

function open(): void {
  clearTimeout(timer);
  const current = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/events`);
  socket = current;
  current.onopen = () => {
    const again = attempt > 0;
    attempt = 0;
    deliver({ topic: 'connection', data: { open: true } });
    if (again) deliver({ topic: 'lost', data: {} });
  };
  current.onmessage = (message) => {
    try {
      const event = JSON.parse(String(message.data)) as BoxEvent;
      if (typeof event.topic === 'string') deliver(event);
    } catch {
      // An event this page does not understand is for a newer one.
    }
  };
  current.onclose = (closed) => {
    if (socket !== current) return;
    socket = undefined;
    if (!wanted) return;
    if (closed.code === signedOut) deliver({ topic: 'session', data: {} });
    deliver({ topic: 'connection', data: { open: false } });
    timer = setTimeout(open, pauseBefore(attempt++));
  };
}

/** Begins to listen, for as long as somebody is signed in. */
export function connect(): void {
  if (wanted) return;
  wanted = true;
  open();
  addEventListener('online', hurry);
}

export function disconnect(): void {
  wanted = false;
  clearTimeout(timer);
  removeEventListener('online', hurry);
  socket?.close();
  socket = undefined;
}

function hurry(): void {
  if (wanted && !socket) open();
}

/**
 * Calls back for events of a topic: the box's ("job", "files" …), "connection" ({open}), and "lost" when events may have
 * been missed, so that what is shown should be read again. Returns what ends it.
 */
export function onEvent(topic: string, listener: Listener): () => void {
  const set = listeners.get(topic) ?? new Set();
  set.add(listener);
  listeners.set(topic, set);
  return () => set.delete(listener);
}
