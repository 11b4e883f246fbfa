/** The endpoint check. */
import type { Action } from './action';
import { inReport } from './when';

export const CHECK: readonly Action[] = [
  {
    id: 'check-start',
    title: 'Start the check',
    group: 'Endpoint check',
    keys: [],
    when: ({ shell, check }) => shell.view === 'check' && check.shown === null && check.form.ready,
    run: ({ check }) => void check.start(),
  },
  {
    id: 'check-again',
    title: 'Run the check again',
    group: 'Endpoint check',
    keys: ['a'],
    hint: 'run again',
    when: (context) => inReport(context) && !context.check.running && !context.check.starting,
    run: ({ check }) => void check.again(),
  },
  {
    id: 'check-compare',
    title: 'Compare the check with the one before',
    group: 'Endpoint check',
    keys: ['v'],
    when: (context) => inReport(context) && !context.check.running && context.check.earlier.length > 0,
    run: ({ check }) => {
      const [before] = check.earlier;
      if (check.comparison) check.comparison = null;
      else if (before) void check.compare(before.id);
    },
  },
  ...(
    [
      ['json', 'JSON'],
      ['markdown', 'Markdown'],
      ['junit', 'JUnit XML'],
    ] as const
  ).map(([format, name]): Action => ({
    id: `check-export-${format}`,
    title: `Export the report as ${name}…`,
    group: 'Endpoint check',
    keys: [],
    when: (context) => inReport(context) && !context.check.running,
    run: ({ check }) => void check.exportAs(format),
  })),
  {
    id: 'check-new',
    title: 'Check an endpoint…',
    group: 'Endpoint check',
    keys: [],
    run: ({ shell, check }) => {
      if (check.shown !== null) check.leave();
      shell.view = 'check';
    },
  },
];
