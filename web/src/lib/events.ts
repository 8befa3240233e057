// Live events of the box: one WebSocket for the page, opened anew with growing pauses when it breaks, and at once when the box
// answers a call meanwhile.
import { onAnswered } from './transport';

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
let begun = 0; // when the last attempt began
let endAnswered: (() => void) | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function deliver(event: BoxEvent): void {
  for (const listener of [...(listeners.get(event.topic) ?? [])]) listener(event);
}

/** The pause before the nth attempt, in milliseconds: 0.5 s doubling to 4 s, spread so that pages do not come at once. */
export function pauseBefore(nth: number, random: () => number = Math.random): number {
  return Math.min(4000, 500 * 2 ** Math.min(nth, 6)) * (0.75 + random() / 2);
}

function open(): void {
  clearTimeout(timer);
  begun = Date.now();
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
  endAnswered = onAnswered(hurry);
  addEventListener('online', hurry);
}

export function disconnect(): void {
  wanted = false;
  clearTimeout(timer);
  endAnswered?.();
  removeEventListener('online', hurry);
  socket?.close();
  socket = undefined;
}

// Milliseconds that an attempt is left alone, however many calls succeed: events alone may be what does not get through, and a
// slow network needs a while to open a stream.
const patience = { closed: 1000, opening: 5000 };

function hurry(): void {
  if (!wanted || socket?.readyState === WebSocket.OPEN || Date.now() - begun < patience[socket ? 'opening' : 'closed']) return;
  // An attempt from before may still hang: the close of what is no longer the socket means nothing.
  const hanging = socket;
  socket = undefined;
  hanging?.close();
  attempt = Math.max(attempt, 1);
  open();
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
