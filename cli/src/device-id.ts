// Finds the device that somebody means.
import type { DeviceWithActivity } from '@taylordash/core/device-entities';
import { isUuid } from '@taylordash/core/envelope';
import type { Client } from '@taylordash/sdk/client';
import { Refused } from './refused.ts';

/** A device by its id, its MQTT user name or its name, in whatever case. Throws Refused where none or several are called so. */
export async function findDevice(client: Client, text: string): Promise<DeviceWithActivity> {
  if (isUuid(text)) return (await client.call('getDevice', { params: { id: text } })).data;
  const { data } = await client.call('listDevices', { query: { q: text, limit: 200 } });
  const wanted = text.toLowerCase();
  const byUser = data.items.find(({ username }) => username === wanted);
  const same = byUser ? [byUser] : data.items.filter(({ name }) => name.toLowerCase() === wanted);
  const [only] = same;
  if (only && same.length === 1) return only;
  if (same.length > 1)
    throw new Refused(
      `${same.length} devices are called ${text}: ${same.map(({ username }) => username).join(', ')}`,
      'Name one by its user name.',
    );
  throw new Refused(`No device is called ${text}.`, 'See which there are: npx taylordash device list');
}
