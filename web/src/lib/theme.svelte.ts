// Light, dark, or what the system says. public/theme.js sets it before the first paint.
import { remember, remembered } from './remember';

export type Theme = 'auto' | 'light' | 'dark';
export type Wallpaper = 'hills' | 'embers' | 'plain';

const night = matchMedia('(prefers-color-scheme: dark)');
const kept = remembered<string>('theme', 'auto');
let chosen = $state<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');
const keptPaper = remembered<string>('wallpaper', 'hills');
let paper = $state<Wallpaper>(keptPaper === 'embers' || keptPaper === 'plain' ? keptPaper : 'hills');

function apply(): void {
  document.documentElement.dataset.theme = chosen === 'auto' ? (night.matches ? 'dark' : 'light') : chosen;
}

night.addEventListener('change', apply);
apply();

export function theme(): Theme {
  return chosen;
}

export function chooseTheme(wanted: Theme): void {
  chosen = wanted;
  remember('theme', wanted === 'auto' ? undefined : wanted);
  apply();
}

export function wallpaper(): Wallpaper {
  return paper;
}

export function chooseWallpaper(wanted: Wallpaper): void {
  paper = wanted;
  remember('wallpaper', wanted);
}
