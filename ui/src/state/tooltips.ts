import { ACTIONS } from './actions';
import { keyLabel } from './keys';

/** An action's title with its first key, for a tooltip: `Pin or unpin (P)`. */
export function tooltip(id: string): string {
  const action = ACTIONS.find((one) => one.id === id);
  if (!action) return '';
  const key = action.keys[0];
  return key === undefined ? action.title : `${action.title} (${keyLabel(key)})`;
}
