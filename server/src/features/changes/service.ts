// Decides about changes as a whole: several operations as one, what happened in a project, and taking a change back.
import type { BulkOperation } from '@taylordash/core/changes';
import type { ChangeMaker, Written } from '../../kernel/change.ts';
import type { Context } from '../../kernel/context.ts';
import type { ComponentService } from '../components/service.ts';
import type { TaskService } from '../tasks/service.ts';
import { carryOut } from './bulk.ts';
import { readOperations } from './bulk-operations.ts';

export interface ChangeServiceDependencies {
  changes: ChangeMaker;
  components: ComponentService;
  tasks: TaskService;
}

export type ChangeService = ReturnType<typeof changeService>;

export function changeService({ changes, components, tasks }: ChangeServiceDependencies) {
  return {
    /** All of them or none. `json` is the text of the array of what each leaves. */
    bulk(context: Context, given: readonly BulkOperation[]): Promise<Written> {
      const operations = readOperations(given);
      return changes.change(context, async (change) => {
        const items = await carryOut({ components, tasks }, change, operations);
        return { json: `[${items.join(',')}]` };
      });
    },
  };
}
