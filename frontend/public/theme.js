// Before the first paint: the theme and language somebody chose, so that nothing flashes.
(() => {
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark' || theme === 'contrast') document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem('language') || navigator.language.slice(0, 2);
    document.documentElement.lang = language === 'ru' ? 'ru' : 'en';
  } catch {
    // Storage is forbidden: the system's theme it is.
  }
})();
