/** The retry lab. */
import type { Action, Context } from './action';

export const LAB: readonly Action[] = [
  {
    id: 'lab-start',
    title: 'Start the rehearsal',
    group: 'Retry lab',
    view: 'lab',
    keys: ['Mod+Enter'],
    hint: 'start',
    whileTyping: true,
    when: ({ lab, shell }) => !shell.over && lab.editor.of === null && lab.canStart && !lab.running,
    run: ({ lab }) => void lab.start(),
  },
  {
    id: 'lab-pause',
    title: 'Hold the run, or let it go on',
    group: 'Retry lab',
    view: 'lab',
    keys: ['p'],
    hint: 'hold',
    when: ({ lab }) => lab.running,
    run: ({ lab }) => void lab.pause(),
  },
  {
    id: 'lab-skip',
    title: 'Skip the wait',
    group: 'Retry lab',
    view: 'lab',
    keys: ['s'],
    hint: 'skip the wait',
    when: ({ lab }) => lab.running && lab.run?.countdown != null,
    run: ({ lab }) => void lab.skip(),
  },
  {
    id: 'lab-cancel',
    title: 'Cancel the run',
    group: 'Retry lab',
    view: 'lab',
    keys: ['Mod+.'],
    hint: 'cancel',
    whileTyping: true,
    when: ({ lab }) => lab.running,
    run: ({ lab }) => void lab.cancel(),
  },
  ...(
    [
      ['plan', 'Show the schedule', (): boolean => true],
      ['run', 'Show the run', ({ lab }) => lab.run !== null],
      ['runs', 'Show earlier runs', (): boolean => true],
    ] as ['plan' | 'run' | 'runs', string, (context: Context) => boolean][]
  ).map(([shown, title, when]): Action => ({
    id: `lab-${shown}`,
    title,
    group: 'Retry lab',
    keys: [],
    when,
    run: ({ lab, shell }) => {
      lab.shown = shown;
      shell.view = 'lab';
    },
  })),
];
