import type { Theme } from '../bindings';

const light = () => window.matchMedia('(prefers-color-scheme: light)');
let wanted: Theme = 'system';

function show(): void {
  document.documentElement.dataset['theme'] = wanted === 'system' ? (light().matches ? 'light' : 'dark') : wanted;
}

/** Shows a theme; "system" follows the system from then on. */
export function applyTheme(theme: Theme): void {
  wanted = theme;
  show();
}

/** Shows the system's theme until the settings are known, and follows it when it changes. */
export function startTheme(): void {
  light().addEventListener('change', show);
  show();
}
