/** The editor. */
import type { Action } from './action';

export const COMPOSE: readonly Action[] = [
  {
    id: 'send',
    title: 'Send what is composed',
    group: 'Compose',
    keys: ['Mod+Enter'],
    hint: 'send',
    whileTyping: true,
    when: ({ shell, compose }) =>
      shell.view === 'compose' && compose.dialog === null && !shell.over && compose.work?.canSend === true,
    run: ({ compose }) => void compose.work?.send(),
  },
  {
    id: 'cancel-send',
    title: 'Cancel what is being sent',
    group: 'Compose',
    keys: ['Mod+.'],
    hint: 'cancel',
    whileTyping: true,
    when: ({ shell, compose, check }) =>
      (shell.view === 'compose' && compose.dialog === null && !shell.over && compose.work?.sending != null) ||
      (shell.view === 'check' && !shell.over && check.running),
    run: ({ shell, compose, check }) => void (shell.view === 'check' ? check.cancel() : compose.work?.cancel()),
  },
  {
    id: 'compose-new',
    title: 'Compose something new',
    group: 'Compose',
    keys: [],
    run: ({ shell, compose }) => {
      compose.close();
      shell.view = 'compose';
    },
  },
  {
    id: 'compose-undo',
    title: 'Back to the draft before',
    group: 'Compose',
    keys: [],
    when: ({ compose }) => compose.replaced !== null,
    run: ({ shell, compose }) => {
      compose.undo();
      shell.view = 'compose';
    },
  },
];
