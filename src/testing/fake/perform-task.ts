import type { Deliverer } from './deliverer.js';
import type { FakeState } from './fake-state.js';
import { sendHistory } from './history-sync.js';
import type { Lifecycle } from './app-link.js';
import { progress } from './outbound.js';
import { sendContacts } from './state-sync.js';
import type { Task } from './task.js';
import type { TemplateLifecycle } from './template-lifecycle.js';

/** Does what is due. What a task is about may be gone by then. */
export function performTask(
  task: Task,
  state: FakeState,
  parts: { readonly deliverer: Deliverer; readonly lifecycle: Lifecycle; readonly templates: TemplateLifecycle },
): void {
  const { deliverer, lifecycle, templates } = parts;
  const number = state.world.numbers.get(task.id);
  switch (task.kind) {
    case 'progress':
      progress(state, task.id);
      break;
    case 'sync':
      if (number) (task.syncType === 'history' ? sendHistory : sendContacts)(state, number);
      break;
    case 'emit':
      state.webhooks.pass(task.change);
      break;
    case 'deliver':
      deliverer.queue(task.change);
      break;
    case 'retry':
      deliverer.retry(Number(task.id));
      break;
    case 'lose-link':
      if (number) lifecycle.disconnect(number, { reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' });
      break;
    case 'reconnect':
      if (number) lifecycle.reconnect(number);
      break;
    case 'review-template':
      templates.review(task.id);
      break;
    case 'unpause-template':
      templates.unpause(task.id);
      break;
  }
}
