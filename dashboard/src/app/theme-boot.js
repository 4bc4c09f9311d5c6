// Runs before the first paint; see `theme.ts` for the key and the values.
try {
  const theme = localStorage.getItem('flower.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme stays.
}
