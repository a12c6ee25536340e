// Which theme is chosen; public/theme.js sets it before the first paint.
export type Theme = 'dark' | 'light' | 'system';

export function readTheme(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || theme === 'light' ? theme : 'system';
}

export function setTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem('td.theme');
    else localStorage.setItem('td.theme', theme);
  } catch {
    // Storage is switched off: the choice lasts until the page is left.
  }
}
