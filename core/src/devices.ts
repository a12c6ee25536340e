// Devices: how their MQTT user name follows from their name, and what new ones may do.

/** `Greenhouse ESP32 (north)` → `greenhouse-esp32-north`. */
export function deviceUsername(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 50);
  return plain === '' ? 'device' : plain.replace(/-+$/, '');
}

/**
 * What a device may do unless told otherwise: tell events and measured values, use the topics that common firmware makes of its
 * name, and follow what projects tell.
 */
export function usualFilters(username: string): { publish_filters: string[]; subscribe_filters: string[] } {
  const own = [`${username}/#`, `+/${username}/#`];
  return {
    publish_filters: ['tracker/events/#', 'tracker/metrics/#', ...own],
    subscribe_filters: ['tracker/events/#', 'tracker/status/#', ...own],
  };
}
