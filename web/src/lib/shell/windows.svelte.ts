// The open windows of one person, and what this browser remembers of them.
import { remember, remembered } from '../remember';
import { appOf, apps, type AppId } from './apps';
import { clamp, placement, rectOf, zoneTowards, type Rect, type Zone } from './geometry';

export interface DesktopWindow {
  readonly id: number;
  readonly app: AppId;
  free: Rect; // where it is when it is in no zone
  zone: Zone | undefined;
  minimised: boolean;
  order: number; // the highest is in front
  open: Record<string, string>;
}

interface Kept {
  app: AppId;
  free: Rect;
  zone?: Zone;
  minimised: boolean;
  order: number;
}

const appIds: readonly string[] = apps.map((app) => app.id);

class Windows {
  list = $state<DesktopWindow[]>([]);
  area = $state<Rect>({ x: 0, y: 0, width: 1280, height: 720 });
  phone = $state(false);
  announcement = $state('');
  #geometries: Record<string, { free: Rect; zone?: Zone }> = {};
  #person = '';
  #next = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  // Looked for by whoever asks. It is asked for and changed in the same breath, while focus moves: what is derived once for all
  // was seen to stay behind then.
  get front(): DesktopWindow | undefined {
    let front: DesktopWindow | undefined;
    for (const window of this.list) if (!window.minimised && (!front || window.order > front.order)) front = window;
    return front;
  }

  /** Begins with what the person had open. */
  begin(person: string): void {
    this.#person = person;
    this.#geometries = remembered(`geometry.${person}`, {});
    const kept = remembered<Kept[]>(`windows.${person}`, []).filter((window) => appIds.includes(window.app));
    this.list = kept.map((window) => ({
      id: this.#next++,
      app: window.app,
      free: clamp(window.free, this.area),
      zone: window.zone,
      minimised: window.minimised,
      order: window.order,
      open: {},
    }));
    this.#next = Math.max(this.#next, ...this.list.map((window) => window.order + 1));
  }

  end(): void {
    this.list = [];
    this.#person = '';
  }

  rect(window: DesktopWindow): Rect {
    if (this.phone) return this.area;
    return window.zone ? rectOf(window.zone, this.area) : window.free;
  }

  /** Opens an app, or brings its window to the front; `open` tells it what to show. */
  open(app: AppId, open: Record<string, string> = {}): void {
    const there = this.list.find((window) => window.app === app);
    if (there) {
      if (Object.keys(open).length > 0) there.open = { ...open, at: String(Date.now()) };
      this.focus(there);
      return;
    }
    const known = this.#geometries[app];
    const free = known
      ? clamp(known.free, this.area)
      : placement(appOf(app).size, this.area, this.list.map((window) => window.free));
    this.list.push({ id: this.#next, app, free, zone: known?.zone, minimised: false, order: this.#next++, open });
    this.#keep();
  }

  focus(window: DesktopWindow): void {
    window.minimised = false;
    if (this.front !== window) window.order = this.#next++;
    this.#keep();
  }

  minimise(window: DesktopWindow): void {
    window.minimised = true;
    this.#keep();
  }

  minimiseAll(): void {
    for (const window of this.list) window.minimised = true;
    this.#keep();
  }

  close(window: DesktopWindow): void {
    this.#geometries[window.app] = { free: { ...window.free }, ...(window.zone ? { zone: window.zone } : {}) };
    this.list = this.list.filter((other) => other.id !== window.id);
    this.#keep();
  }

  place(window: DesktopWindow, free: Rect): void {
    window.zone = undefined;
    window.free = clamp(free, this.area);
    this.#keep();
  }

  snap(window: DesktopWindow, zone: Zone | undefined): void {
    window.zone = zone;
    if (!zone) window.free = clamp(window.free, this.area);
    this.#keep();
  }

  snapTowards(direction: 'left' | 'right' | 'up' | 'down'): void {
    const window = this.front;
    if (!window) return;
    if (direction === 'down' && window.zone === undefined) this.minimise(window);
    else this.snap(window, zoneTowards(window.zone, direction));
  }

  /** Brings the window at the back to the front. */
  cycle(): void {
    const back = [...this.list].sort((a, b) => a.order - b.order)[0];
    if (back) this.focus(back);
  }

  resizeArea(area: Rect, phone: boolean): void {
    this.area = area;
    this.phone = phone;
    for (const window of this.list) window.free = clamp(window.free, area);
  }

  #keep(): void {
    if (!this.#person) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keepNow(), 250);
  }

  /** Writes what is remembered at once: the page may be about to close. */
  keepNow(): void {
    if (!this.#person) return;
    for (const window of this.list) {
      this.#geometries[window.app] = { free: { ...window.free }, ...(window.zone ? { zone: window.zone } : {}) };
    }
    remember(`geometry.${this.#person}`, this.#geometries);
    remember(
      `windows.${this.#person}`,
      this.list.map(({ app, free, zone, minimised, order }) => ({ app, free, zone, minimised, order })),
    );
  }
}

export const windows = new Windows();
