/** What is said of a delivery that came out of a file. Pure. */
import type { ImportOrigin } from '../../bindings';
import { visibleString } from '../shared/visible';

/** `Imported from app.har (HAR 1.2): it was not received here, and nobody answered it.` */
export function importedTitle(origin: ImportOrigin): string {
  return `Imported from ${visibleString(origin.name)} (${origin.label}): it was not received here, and nobody answered it.`;
}
