// HTTP of devices, signals and bindings.
import type { Handlers } from '../../http/route.ts';
import type { BindingService } from './bindings-service.ts';
import type { DeviceService } from './service.ts';

type Names =
  | 'listDevices'
  | 'createDevice'
  | 'getDevice'
  | 'updateDevice'
  | 'deleteDevice'
  | 'renewDevicePassword'
  | 'deviceBroker'
  | 'listSignals'
  | 'listBindings'
  | 'createBinding'
  | 'updateBinding'
  | 'deleteBinding'
  | 'tryBinding';

export function deviceRoutes(devices: DeviceService, bindings: BindingService): Pick<Handlers, Names> {
  return {
    listDevices: async ({ query }) => ({ json: await devices.list(query) }),
    createDevice: ({ context, body }) => devices.create(context, body),
    async getDevice({ params }) {
      const { json, entity } = await devices.get(params.id);
      return { json, version: entity.version };
    },
    updateDevice: ({ context, params, body, if_match }) => devices.update(context, params.id, body, if_match),
    async deleteDevice({ context, params, if_match }) {
      await devices.delete(context, params.id, if_match);
      return {};
    },
    renewDevicePassword: ({ context, params }) => devices.renewPassword(context, params.id),
    deviceBroker: async () => ({ body: devices.broker() }),
    listSignals: async ({ query }) => ({ json: await devices.listSignals(query) }),
    listBindings: async ({ query }) => ({ json: await bindings.list(query) }),
    createBinding: ({ context, body }) => bindings.create(context, body),
    updateBinding: ({ context, params, body, if_match }) => bindings.update(context, params.id, body, if_match),
    async deleteBinding({ context, params, if_match }) {
      await bindings.delete(context, params.id, if_match);
      return {};
    },
    tryBinding: async ({ body }) => ({ body: await bindings.try(body) }),
  };
}
