/** Many deliveries sent again. */
import type { Action, Context } from './action';
import { inList } from './when';
import { grouped } from '../format';

export const BATCH: readonly Action[] = [
  {
    id: 'resend-marked',
    title: 'Resend the selected…',
    words: ({ deliveries }) => grouped(deliveries.marked.size),
    group: 'Deliveries',
    keys: ['Shift+r'],
    hint: 'resend selected',
    when: (context) => inList(context) && context.deliveries.marked.size > 0,
    run: ({ batch, deliveries }) => batch.ask({ kind: 'ids', ids: [...deliveries.marked] }),
  },
  {
    id: 'resend-shown',
    title: 'Resend all that is shown…',
    words: ({ deliveries }) => (deliveries.count ? grouped(deliveries.count.matched) : ''),
    group: 'Deliveries',
    keys: [],
    when: inList,
    run: ({ batch, deliveries }) => batch.ask({ kind: 'filter', filter: deliveries.filter }),
  },
  {
    id: 'replay-range',
    title: 'Replay a time range…',
    group: 'Deliveries',
    keys: [],
    when: ({ deliveries }) => !deliveries.empty,
    run: ({ batch }) => batch.ask({ kind: 'range' }),
  },
  ...(
    [
      ['show', 'Show the batch', ({ batch }) => batch.shown !== null, ({ batch }) => batch.show(true)],
      [
        'pause',
        'Hold the batch',
        ({ batch }) => batch.shown?.running === true && !batch.shown.paused,
        ({ batch }) => void batch.pause(true),
      ],
      [
        'resume',
        'Let the batch go on',
        ({ batch }) => batch.shown?.paused === true,
        ({ batch }) => void batch.pause(false),
      ],
      ['cancel', 'Cancel the batch', ({ batch }) => batch.shown?.running === true, ({ batch }) => void batch.cancel()],
    ] as [string, string, (context: Context) => boolean, (context: Context) => void][]
  ).map(([id, title, when, run]): Action => ({ id: `batch-${id}`, title, group: 'Deliveries', keys: [], when, run })),
];
