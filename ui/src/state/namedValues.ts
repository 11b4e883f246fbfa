/** Named values in the texts of forms. Pure. */
import type { NamedValue } from '../bindings';

/** A text with the named values in it, as Compose writes them: `{{endpoint}}`. Other braces stay. */
export function filled(text: string, values: readonly NamedValue[]): string {
  return text.replace(
    /\{\{\s*(\w+)\s*\}\}/g,
    (all, name: string) => values.find((value) => value.name === name)?.value ?? all,
  );
}
