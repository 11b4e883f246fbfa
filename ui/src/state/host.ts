import type { CommandError, Commands, EventBatch } from '../bindings';

/** What the state needs of the host: `src/host` in the window, a recorded one in tests. */
export interface Host {
  call<K extends keyof Commands>(name: K, args: Commands[K]['args']): Promise<Commands[K]['result']>;
  onEvents(onBatch: (batch: EventBatch) => void): Promise<() => void>;
}

/** Takes the errors that a user must see. */
export type Report = (error: CommandError) => void;
