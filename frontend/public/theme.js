// Applies the chosen appearance and language, or the system's, before the first paint, so that the page does not flash.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const paper = matchMedia('print');
  let isOnPaper = paper.matches;
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // The storage is forbidden: the system decides.
    }
  };
  // The ground of each theme (styles/tokens.css), for the bars of the browser around the page.
  const grounds = { light: '#fbfaf7', dark: '#14161a', contrast: '#000000' };
  window.applyLook = () => {
    const chosen = read('theme');
    const known = chosen === 'light' || chosen === 'dark' || chosen === 'contrast';
    for (const part of ['density', 'size', 'accent']) root.dataset[part] = read(part) ?? '';
    const system = contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    const theme = isOnPaper ? 'light' : known ? chosen : system;
    root.dataset.theme = theme;
    document.querySelector('meta[name=theme-color]').content = grounds[theme];
  };
  const print = (on) => {
    isOnPaper = on;
    window.applyLook();
  };
  dark.addEventListener('change', window.applyLook);
  contrast.addEventListener('change', window.applyLook);
  // Another tab has chosen.
  addEventListener('storage', window.applyLook);
  // Paper is white, whatever the theme. Not every browser says so by the query.
  paper.addEventListener('change', () => print(paper.matches));
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  window.applyLook();
  root.lang = (read('language') || navigator.language.slice(0, 2)) === 'ru' ? 'ru' : 'en';
})();

// Never a white page: a first file that is gone, as after an upgrade, is looked for once more by a new page.
(() => {
  const AGAIN_MS = 60_000;
  const lately = () => {
    try {
      return Date.now() - Number(sessionStorage.getItem('loaded-anew')) < AGAIN_MS;
    } catch {
      return true;
    }
  };
  const missing = ({ target }) => {
    if (!(target instanceof HTMLScriptElement) || document.getElementById('app')?.hasChildNodes()) return;
    if (!lately()) {
      sessionStorage.setItem('loaded-anew', String(Date.now()));
      location.reload();
      return;
    }
    const button = document.createElement('button');
    button.textContent = document.documentElement.lang === 'ru' ? 'Загрузить страницу заново' : 'Reload the page';
    button.addEventListener('click', () => location.reload());
    document.getElementById('app')?.replaceChildren(button);
  };
  addEventListener('error', missing, { capture: true });
})();
