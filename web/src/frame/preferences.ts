// What a person prefers, kept with their profile and mirrored in this browser so that the first paint is right (public/theme.js).
import type { UserWithGrants } from '../api.ts';

export type Theme = 'dark' | 'light' | 'system';
export type Density = 'comfortable' | 'compact';

export interface Preferences {
  theme: Theme;
  density: Density;
  /** Shortcuts of a single character; some people cannot use them (WCAG 2.1.4). */
  single_keys: boolean;
}

const stored = 'td.preferences';
export const usual: Preferences = { theme: 'system', density: 'comfortable', single_keys: true };

/** What of a value can be used; the rest is as usual. */
export function readPreferences(value: unknown): Preferences {
  if (typeof value !== 'object' || value === null) return usual;
  const { theme, density, single_keys }: { theme?: unknown; density?: unknown; single_keys?: unknown } = value;
  return {
    theme: theme === 'dark' || theme === 'light' ? theme : usual.theme,
    density: density === 'compact' ? density : usual.density,
    single_keys: single_keys !== false,
  };
}

/** Of somebody signed in; null where they have chosen nothing yet. */
export function preferencesOf(user: Pick<UserWithGrants, 'metadata'>): Preferences | null {
  const value: unknown = user.metadata.preferences;
  return value === undefined ? null : readPreferences(value);
}

/** Of this browser. */
export function localPreferences(): Preferences {
  try {
    return readPreferences(JSON.parse(localStorage.getItem(stored) ?? 'null'));
  } catch {
    return usual;
  }
}

/** Shows them at once, and keeps them in this browser. */
export function applyPreferences(preferences: Preferences): void {
  const { dataset } = document.documentElement;
  if (preferences.theme === 'system') delete dataset.theme;
  else dataset.theme = preferences.theme;
  if (preferences.density === 'compact') dataset.density = 'compact';
  else delete dataset.density;
  if (preferences.single_keys) delete dataset.keys;
  else dataset.keys = 'chords';
  try {
    localStorage.setItem(stored, JSON.stringify(preferences));
  } catch {
    // Storage is switched off: they hold until the page is left.
  }
}

/** Whether shortcuts of a single character are wanted. */
export function singleKeys(): boolean {
  return document.documentElement.dataset.keys !== 'chords';
}
