// Before the first paint: the theme and language somebody chose, or the system's, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage is forbidden: the system decides.
    }
  };
  window.applyTheme = () => {
    const chosen = read('theme');
    const known = chosen === 'light' || chosen === 'dark' || chosen === 'contrast';
    root.dataset.theme = known ? chosen : contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', window.applyTheme);
  contrast.addEventListener('change', window.applyTheme);
  window.applyTheme();
  root.lang = (read('language') || navigator.language.slice(0, 2)) === 'ru' ? 'ru' : 'en';
})();
