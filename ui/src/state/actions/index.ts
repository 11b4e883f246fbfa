/** The actions of the window. */
export type { Action, Context } from './action';
export { exportSources } from './files';
export { Keys, placeOf, type Place } from './keyboard';
export { ACTIONS, acts, runAction } from './table';
