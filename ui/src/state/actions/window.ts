/** The window itself, and where to go in it. */
import type { Action } from './action';
import { go } from './when';

const within = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

export const WINDOW: readonly Action[] = [
  {
    id: 'copy-address',
    title: 'Copy the listener’s address',
    group: 'Window',
    keys: [],
    when: ({ app }) => app.listener.url !== null,
    run: ({ app, shell, copy }) => {
      copy(app.listener.url ?? '').catch((error: unknown) =>
        shell.report({ code: 'failed', message: `The address was not copied: ${String(error)}`, detail: null }),
      );
    },
  },
  {
    id: 'copy-public',
    title: 'Copy the public address',
    group: 'Window',
    keys: [],
    when: ({ app }) => app.state?.tunnel.public_url != null,
    run: ({ app, copy }) => void copy(app.state?.tunnel.public_url ?? ''),
  },
  {
    id: 'tunnel',
    title: 'Public address and tunnels…',
    group: 'Window',
    keys: [],
    run: ({ shell }) => {
      shell.tunnel = true;
    },
  },
  {
    id: 'go-deliveries',
    title: 'Go to Deliveries',
    group: 'Window',
    keys: ['g d', 'Mod+1'],
    run: go('deliveries'),
  },
  { id: 'go-compose', title: 'Go to Compose', group: 'Window', keys: ['g c', 'Mod+2'], run: go('compose') },
  { id: 'go-lab', title: 'Go to Retry lab', group: 'Window', keys: ['g l'], run: go('lab') },
  { id: 'go-check', title: 'Go to Endpoint check', group: 'Window', keys: ['g t'], run: go('check') },
  { id: 'go-responses', title: 'Go to Responses', group: 'Window', keys: ['g r', 'Mod+3'], run: go('responses') },
  { id: 'go-forwarding', title: 'Go to Forwarding', group: 'Window', keys: ['g f', 'Mod+4'], run: go('forwarding') },
  { id: 'go-fixtures', title: 'Go to Fixtures', group: 'Window', keys: ['g x'], run: go('fixtures') },
  { id: 'go-providers', title: 'Go to Providers', group: 'Window', keys: ['g p', 'Mod+5'], run: go('providers') },
  { id: 'go-settings', title: 'Go to Settings', group: 'Window', keys: ['g s', 'Mod+6'], run: go('settings') },
  ...(['system', 'dark', 'light'] as const).map((theme): Action => ({
    id: `theme-${theme}`,
    title: `Theme: ${theme === 'system' ? 'as the system' : theme}`,
    group: 'Window',
    keys: [],
    when: ({ settings }) => settings.values?.theme !== theme,
    run: ({ settings }) => void settings.change({ theme }),
  })),
  ...(
    [
      ['larger', 'Larger', ['Mod++', 'Mod+='], 10],
      ['smaller', 'Smaller', ['Mod+-'], -10],
      ['ordinary', 'Ordinary size', ['Mod+0'], null],
    ] as const
  ).map(([id, title, keys, step]): Action => ({
    id: `zoom-${id}`,
    title,
    group: 'Window',
    keys,
    repeats: true,
    whileTyping: true,
    when: ({ settings }) => settings.values !== null,
    run: ({ settings }) =>
      void settings.change({ zoom: step === null ? 100 : within(50, (settings.values?.zoom ?? 100) + step, 200) }),
  })),
  {
    id: 'palette',
    title: 'Commands',
    group: 'Window',
    keys: ['Mod+k'],
    hint: 'commands',
    whileTyping: true,
    keyOnly: true,
    run: ({ shell }) => {
      shell.palette = !shell.palette;
    },
  },
  {
    id: 'help',
    title: 'All shortcuts',
    group: 'Window',
    keys: ['?'],
    hint: 'all shortcuts',
    run: ({ shell }) => {
      shell.help = true;
    },
  },
  {
    id: 'back',
    title: 'Back to the list, unselect, or cancel what is being sent',
    group: 'Window',
    keys: ['Escape'],
    keyOnly: true,
    run: ({ shell, check, compose, deliveries, focus }) => {
      if (shell.view === 'compose' && compose.work?.sending != null) void compose.work.cancel();
      else if (shell.view === 'check' && check.comparison !== null) {
        check.comparison = null;
        focus('list');
      } else if (shell.covered) {
        shell.covered = false;
        focus('list');
      } else if (deliveries.marked.size > 0) deliveries.marked.clear();
      else focus('list');
    },
  },
];
