// The page that stands in for the desktop: it speaks the person's language, and looks for the box until it answers.
(function () {
  var chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem('hearth.language'));
  } catch (error) {
    // Storage is closed to us: go by the browser.
  }
  var language = typeof chosen === 'string' ? chosen : navigator.language;
  document.documentElement.lang = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';

  // The service worker keeps no manifest: only the box itself can answer this.
  setInterval(function () {
    fetch('/manifest.webmanifest', { cache: 'no-store' }).then(
      function (answer) {
        if (answer.ok) location.reload();
      },
      function () {},
    );
  }, 3000);
})();
