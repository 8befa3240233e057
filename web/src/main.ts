import { mount } from 'svelte';
import './lib/tokens.css';
import './lib/base.css';
import './lib/theme.svelte';
import App from './App.svelte';
import { startLanguage } from './lib/i18n/index.svelte';
import { refreshSession } from './lib/session.svelte';

// Language and session are asked for at once; the first paint waits for the language only.
void refreshSession();
void startLanguage().finally(() => {
  const target = document.getElementById('app');
  if (target) mount(App, { target });
});

if ('serviceWorker' in navigator && isSecureContext && import.meta.env.PROD) {
  addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => undefined); // private windows may refuse: nothing depends on it
  });
}
