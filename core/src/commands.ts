// Commands: what can be asked of TaylorDash on tracker/commands, and what each must hold.
import { Type } from 'typebox';
import { optional } from './endpoints/inputs.ts';
import { componentFields, taskFields } from './entities.ts';
import { strict, uuid } from './schema.ts';

const { name, ...others } = taskFields;

/** Topic → schema of the payload. A task without a component is in the inbox of the user that the command acts as. */
export const commands = {
  'tracker/commands/tasks/create': strict({ component_id: Type.Optional(uuid), name, ...optional(others) }),
  'tracker/commands/tasks/complete': strict({ id: uuid }),
  'tracker/commands/tasks/reopen': strict({ id: uuid }),
  'tracker/commands/components/set_progress': strict({ id: uuid, progress: componentFields.progress }),
  'tracker/commands/components/set_status': strict({
    id: uuid,
    status: componentFields.status,
    blocked_reason: Type.Optional(componentFields.blocked_reason),
  }),
} as const;

export type CommandTopic = keyof typeof commands;

export const commandPrefix = 'tracker/commands/';

export function isCommandTopic(topic: string): topic is CommandTopic {
  return Object.hasOwn(commands, topic);
}
