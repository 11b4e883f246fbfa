/**
 * The one table of actions. From it come the keys, the palette, the help, the tooltips and the hints of the footer.
 *
 * Deliberately absent: actions that do not work yet, and where an element stands on the screen: what must move the focus
 * does so through `focus`.
 */
import type { Action, Context } from './action';
import { BATCH } from './batch';
import { CHECK } from './check';
import { COMPOSE } from './compose';
import { DELIVERIES } from './deliveries';
import { FILES } from './files';
import { FIXTURES } from './fixtures';
import { LAB } from './lab';
import { WINDOW } from './window';

/** All actions, in the order of the palette and the help. */
export const ACTIONS: readonly Action[] = [
  ...DELIVERIES,
  ...BATCH,
  ...FILES,
  ...COMPOSE,
  ...LAB,
  ...CHECK,
  ...FIXTURES,
  ...WINDOW,
];

/** Whether an action makes sense now. */
export function acts(action: Action, context: Context): boolean {
  return (action.view === undefined || action.view === context.shell.view) && (action.when?.(context) ?? true);
}

/** Runs an action by its id, for buttons: what it does stands in the table alone. */
export function runAction(id: string, context: Context): void {
  const action = ACTIONS.find((one) => one.id === id);
  if (action && acts(action, context)) action.run(context);
}
