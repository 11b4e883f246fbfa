/**
 * What stands in the search field, as the engine reads it. Invariant: terms and fault are of the text that was given
 * last, however late the answer to an earlier one comes.
 */
import type { FilterTerm, TextPosition } from '../bindings';
import { asCommandError } from '../host';
import type { Host, Report } from './host';

/** From the last key to the filter's use, in milliseconds. */
const TYPING = 150;

/** What is wrong with the filter, and where. */
export interface FilterError {
  message: string;
  at: TextPosition | null;
}

export class FilterInput {
  /** The filter as typed. */
  text = $state('');
  terms: readonly FilterTerm[] = $state.raw([]);
  error: FilterError | null = $state.raw(null);

  #host: Host;
  #report: Report;
  /** Rises with every filter that is parsed. */
  #parsed = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
  }

  /** Takes what was typed; `use` is called when the typing pauses. */
  type(text: string, use: () => void): void {
    this.text = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(use, TYPING);
  }

  /** Reads a filter; answers whether it can be used and is still the last one. */
  async parse(text: string): Promise<boolean> {
    clearTimeout(this.#typing);
    this.text = text;
    const parsed = ++this.#parsed;
    try {
      const terms = await this.#host.call('filter_parse', { filter: text });
      if (parsed !== this.#parsed) return false;
      this.terms = terms;
      this.error = null;
      return true;
    } catch (error) {
      if (parsed !== this.#parsed) return false;
      const { code, message, detail } = asCommandError(error);
      if (code === 'bad_filter') this.error = { message, at: detail };
      else this.#report({ code, message, detail });
      return false;
    }
  }
}
