// Sets the chosen theme before the first paint, so that the page never flashes in the other one.
(() => {
  try {
    const theme = localStorage.getItem('td.theme');
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's choice stays.
  }
})();
