/** Where actions make sense, and what several of them do. */
import type { View } from '../shell.svelte';
import type { Context } from './action';

export const inList = ({ shell, deliveries }: Context): boolean =>
  shell.view === 'deliveries' && deliveries.rows.length > 0;
export const withTarget = (context: Context): boolean => inList(context) && context.deliveries.targets.length > 0;
export const withSelected = (context: Context): boolean => inList(context) && context.deliveries.selected !== null;
export const onSelected = (run: (context: Context, delivery: string) => Promise<void>) => (context: Context) => {
  if (context.deliveries.selected !== null) void run(context, context.deliveries.selected);
};
/** A report of the endpoint check is looked at. */
export const inReport = ({ shell, check }: Context): boolean => shell.view === 'check' && check.report !== null;
export const inTable = (context: Context): boolean => inReport(context) && context.check.rows.length > 0;
/** Fixtures are listed. */
export const inFiles = ({ shell, fixtures }: Context): boolean =>
  shell.view === 'fixtures' && fixtures.files.length > 0;
/** A fixture is selected that can be sent. */
export const onFixture = ({ fixtures }: Context): boolean => fixtures.row !== null && fixtures.row.problem === null;
/** Moves in the list that is seen. */
export const move =
  (by: 1 | -1 | 'first' | 'last') =>
  (context: Context): void => {
    if (inFiles(context)) {
      context.fixtures.move(by);
      return;
    }
    if (inTable(context)) context.check.move(by);
    else context.deliveries.move(by);
    if (by === 'first' && !inTable(context)) context.deliveries.seen();
  };
export const go = (view: View) => (context: Context) => {
  context.shell.view = view;
};
