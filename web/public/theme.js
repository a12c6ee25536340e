// Sets the chosen theme and density before the first paint, so that the page never flashes in another one.
(() => {
  try {
    const { theme, density, single_keys } = JSON.parse(localStorage.getItem('td.preferences') ?? '{}') ?? {};
    const { dataset } = document.documentElement;
    if (theme === 'dark' || theme === 'light') dataset.theme = theme;
    if (density === 'compact') dataset.density = density;
    if (single_keys === false) dataset.keys = 'chords';
  } catch {
    // Storage is switched off or holds something else: the usual stays.
  }
})();
