// Decides about devices: their accounts, what they may do, and that a change of it takes effect at once.
import { randomBytes } from 'node:crypto';
import type { BrokerAddress, Device } from '@taylordash/core/device-entities';
import { deviceUsername, usualFilters } from '@taylordash/core/devices';
import { changedBetween, serverTopicFilters } from '@taylordash/core/events';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Database } from '../../db/database.ts';
import { type ChangeMaker, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import { type DeviceDoor, secretHash } from './door.ts';
import type { Paging } from './queries.ts';
import * as queries from './queries.ts';
import type { DeviceWatch } from './watch.ts';

type Own = Omit<Device, 'id' | 'created_by' | 'created_at' | 'updated_at' | 'version'>;
export type NewDevice = Pick<Own, 'name'> & Partial<Own> & { id?: string };
export type DevicePatch = Partial<Omit<Own, 'username'>>;

export interface DeviceDependencies {
  database: Database;
  changes: ChangeMaker;
  door: DeviceDoor;
  watch: DeviceWatch;
  /** Ends connections of a device; nothing with an external broker. */
  disconnect(device_id: string): void;
  /** Ends its kept sessions too. */
  forget(device_id: string): Promise<void>;
  broker(): BrokerAddress;
}

export type DeviceService = ReturnType<typeof deviceService>;

export function deviceService({ database, changes, door, watch, disconnect, forget, broker }: DeviceDependencies) {
  async function shown(id: string): Promise<Loaded<Device>> {
    const json = await queries.findDevice(database.app, id);
    if (json === null) throw notFound(id);
    return loaded<Device>(json);
  }

  /** The answer that shows the password, once. */
  async function withPassword(id: string, password: string, written: Written): Promise<Written> {
    const device = await shown(id);
    return { ...written, json: `{"device":${device.json},"password":${JSON.stringify(password)}}` };
  }

  return {
    broker,

    // Not as td_reader: an account's row is td_app's, what is shown of it has no secret.
    list: async (filter: Paging & { q?: string }): Promise<string> => {
      await watch.flush();
      return queries.listDevices(database.app, filter);
    },

    async get(id: string): Promise<Loaded<Device>> {
      await watch.flush();
      return shown(id);
    },

    /** The MQTT client that it last came by; null before its first connection. */
    async clientOf(id: string): Promise<string | null> {
      await watch.flush();
      await shown(id);
      return queries.clientOf(database.app, id);
    },

    async create(context: Context, input: NewDevice): Promise<Written> {
      const username = input.username ?? (await freeUsername(deviceUsername(input.name)));
      const fields = { ...usualFilters(username), ...input, username, created_by: context.actor.id };
      checkFilters(fields);
      const password = newPassword();
      let id = '';
      const written = await changes.change(context, async ({ tx, emit }) => {
        const json = await queries.insertDevice(tx, { ...fields, secret_hash: secretHash(password) });
        id = loaded<Device>(json).entity.id;
        emit({ kind: 'device_created', project_id: null, entity_id: id, entity: json });
        return { version: 1, location: `/api/v1/devices/${id}` };
      });
      await door.reload();
      return withPassword(id, password, written);
    },

    async update(context: Context, id: string, input: DevicePatch, if_match: number | null): Promise<Written> {
      checkFilters(input);
      const written = await changes.change(context, async ({ tx, emit }) => {
        const before = existing(await queries.lockDevice(tx, id), id);
        checkVersion(before, if_match);
        const fields = fieldsToSet(before.entity, input);
        if (!fields) return { version: before.entity.version };
        const json = await queries.updateDevice(tx, id, fields);
        const after = loaded<Device>(json).entity;
        const changed = changedBetween(before.entity, after);
        emit({ kind: 'device_updated', project_id: null, entity_id: id, entity: json, changed });
        return { version: after.version };
      });
      await door.reload();
      if (input.enabled === false) disconnect(id);
      return { ...written, json: (await shown(id)).json };
    },

    async renewPassword(context: Context, id: string): Promise<Written> {
      const password = newPassword();
      const written = await changes.change(context, async ({ tx, emit }) => {
        existing(await queries.lockDevice(tx, id), id);
        const json = await queries.updateDevice(tx, id, { secret_hash: secretHash(password) });
        emit({ kind: 'device_password_renewed', project_id: null, entity_id: id, entity: json });
        return { version: loaded<Device>(json).entity.version };
      });
      await door.reload();
      disconnect(id);
      return withPassword(id, password, written);
    },

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await changes.change(context, async ({ tx, emit }) => {
        const before = existing(await queries.lockDevice(tx, id), id);
        checkVersion(before, if_match);
        await queries.deleteDevice(tx, id);
        emit({ kind: 'device_deleted', project_id: null, entity_id: id, entity: before.json });
        return {};
      });
      await door.reload();
      await forget(id);
      watch.forget(id);
    },

    async listSignals(filter: Paging & { topic?: string; device_id?: string }): Promise<string> {
      if (filter.topic !== undefined && !isTopicFilter(filter.topic)) {
        throw invalidField('#/query/topic', 'must be an MQTT topic filter: + fills one level, # stands last');
      }
      await watch.flush();
      return queries.listSignals(database.app, filter);
    },
  };

  /** The name, or the name with a number behind it. */
  async function freeUsername(wanted: string): Promise<string> {
    const taken = new Set((await queries.allAccounts(database.app)).map((account) => account.username));
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted.slice(0, 46)}-${number}`;
      if (!taken.has(name)) return name;
    }
  }
}

function notFound(id: string): Problem {
  return new Problem('device.not_found', { detail: `There is no device ${id}.` });
}

function existing(json: string | null, id: string): Loaded<Device> {
  if (json === null) throw notFound(id);
  return loaded<Device>(json);
}

/** 26 characters without those that look alike: 128 bits, typed by hand where it must be. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  let text = '';
  while (text.length < 26) {
    const byte = randomBytes(1)[0] ?? 255;
    // Bytes beyond a whole number of alphabets would make the first letters likelier.
    if (byte < letters.length * 8) text += letters[byte % letters.length];
  }
  return text;
}

function checkFilters(fields: { publish_filters?: readonly string[]; subscribe_filters?: readonly string[] }): void {
  for (const name of ['publish_filters', 'subscribe_filters'] as const) {
    for (const [index, filter] of (fields[name] ?? []).entries()) {
      const pointer = `/${name}/${index}`;
      if (!isTopicFilter(filter)) {
        throw invalidField(pointer, 'must be an MQTT topic filter: + fills one level, # stands last');
      }
      if (filter.startsWith('$'))
        throw invalidField(pointer, 'must not begin with $: those topics are the broker’s own');
      const servers = serverTopicFilters.some((own) => filter === own || filter.startsWith(own.replace('#', '')));
      if (name === 'publish_filters' && servers) {
        throw invalidField(pointer, 'is a topic that only TaylorDash publishes on');
      }
    }
  }
}
