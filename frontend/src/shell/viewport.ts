/** The height above a phone's keyboard, for browsers that lay the keyboard over the page. */
import { useEffect } from 'preact/hooks';

export function useViewport(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const fit = (): void => {
      // A page zoomed by two fingers keeps its height.
      if (view.scale > 1) return;
      const isCovered = view.height < window.innerHeight - 1;
      document.documentElement.style.setProperty('--page', isCovered ? `${view.height}px` : '100dvh');
    };
    view.addEventListener('resize', fit);
    return () => view.removeEventListener('resize', fit);
  }, []);
}
