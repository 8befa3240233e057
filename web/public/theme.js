// Before the first paint, so that no theme flashes the other one. lib/theme.svelte.ts keeps it from then on.
(function () {
  var chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem('hearth.theme'));
  } catch (error) {
    // Storage is closed to us: follow the system.
  }
  var night = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : night ? 'dark' : 'light';
})();
