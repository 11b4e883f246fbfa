/** What is said of a group. Pure. */
import type { GroupInfo } from '../../bindings';
import { between, plural } from '../../state/format';

/** As many as the engine lists of one group. */
const LISTED = 200;

/** `3 deliveries of the same event, 12 s apart`. */
export function groupWords(group: GroupInfo): string {
  const many = plural(group.count, 'delivery', 'deliveries');
  const listed = group.count > LISTED ? `; the newest ${LISTED} are listed` : '';
  return `${many} of the same event, ${between(group.first_at, group.last_at)} apart${listed}`;
}
