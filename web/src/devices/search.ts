// What the address of the devices page says: which part is shown, and which device is open.

export interface DeviceSearch {
  view?: 'values' | 'bindings';
  open?: string;
}

export function readDeviceSearch(search: Record<string, unknown>): DeviceSearch {
  const view = (['values', 'bindings'] as const).find((one) => one === search.view);
  if (view) return { view };
  return typeof search.open === 'string' && search.open !== '' ? { open: search.open } : {};
}
