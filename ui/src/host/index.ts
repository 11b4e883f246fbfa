/**
 * The only way to the shell: every other module of the window imports this one and none of `@tauri-apps/*`.
 *
 * Deliberately absent: knowledge of single commands. Their names, arguments and results come from the bindings.
 */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { writeText } from '@tauri-apps/plugin-clipboard-manager';
import { openUrl as open } from '@tauri-apps/plugin-opener';
import type { CommandError, Commands, EventBatch } from '../bindings';

/** Carries out a command; rejects with a `CommandError`. */
export async function call<K extends keyof Commands>(
  name: K,
  args: Commands[K]['args'],
): Promise<Commands[K]['result']> {
  try {
    return await invoke<Commands[K]['result']>('call', { name, args });
  } catch (error) {
    throw asCommandError(error);
  }
}

/** The kept bytes of a delivery's body, exactly as received. Rejects with a `CommandError`. */
export async function fetchBody(id: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await invoke<ArrayBuffer>('body', { id }));
  } catch (error) {
    throw asCommandError(error);
  }
}

/** Hands every batch of the event stream to `onBatch`, in order; the answer ends that. */
export function onEvents(onBatch: (batch: EventBatch) => void): Promise<() => void> {
  return listen<EventBatch>('engine-events', (event) => onBatch(event.payload));
}

/** Puts a text on the clipboard. */
export function copyText(text: string): Promise<void> {
  return writeText(text);
}

/** Lets the user choose a file and writes a text there; answers its path, none where none was chosen. Rejects with a `CommandError`. */
export function saveText(name: string, text: string): Promise<string | null> {
  return ask<string | null>('save_text', { name, text });
}

/** Lets the user choose a folder; answers its path, none where none was chosen. Rejects with a `CommandError`. */
export function chooseFolder(title: string): Promise<string | null> {
  return ask<string | null>('choose_folder', { title });
}

/** Lets the user choose files; answers their paths. Rejects with a `CommandError`. */
export function chooseFiles(title: string): Promise<string[]> {
  return ask<string[]>('choose_files', { title });
}

/** Lets the user choose where a new file shall be, and writes nothing. Rejects with a `CommandError`. */
export function chooseNewFile(title: string, name: string): Promise<string | null> {
  return ask<string | null>('choose_new_file', { title, name });
}

async function ask<T>(command: string, args: Record<string, string>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    throw asCommandError(error);
  }
}

/** What files over the window are doing: they hover, were let go (with their paths), or are gone again. */
export type FileDrop = { kind: 'over' } | { kind: 'dropped'; paths: string[] } | { kind: 'left' };

/** Tells of files that are dragged from elsewhere onto the window; the answer ends that. */
export function onFileDrop(tell: (drop: FileDrop) => void): Promise<() => void> {
  return getCurrentWebview().onDragDropEvent(({ payload }) => {
    if (payload.type === 'drop') tell({ kind: 'dropped', paths: payload.paths });
    else tell({ kind: payload.type === 'leave' ? 'left' : 'over' });
  });
}

/** Shows everything larger or smaller: 1 is the ordinary size. */
export function setZoom(factor: number): Promise<void> {
  return getCurrentWebview().setZoom(factor);
}

/** Opens a link in the system's browser. Only ever after a click, and after showing where it leads. */
export function openUrl(url: string): Promise<void> {
  return open(url);
}

/** Whatever was thrown as a `CommandError`: the shell itself (a missing permission, say) throws plain strings. */
export function asCommandError(error: unknown): CommandError {
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    return error as CommandError;
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'failed', message, detail: null };
}
