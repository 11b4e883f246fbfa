/** The code that receives a provider's webhooks, in the language that is shown. */
import type { CommandError, SnippetInfo, SnippetLanguage } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

export class ReceivingCode {
  languages: readonly SnippetLanguage[] = $state.raw([]);
  /** What is shown; what was shown before stays until the next has come. */
  snippet: SnippetInfo | null = $state.raw(null);
  error: CommandError | null = $state.raw(null);

  #host: Host;
  #turn = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Shows a provider's code in a language; what is asked last is what is seen. */
  async open(provider: string, language: string): Promise<void> {
    const turn = ++this.#turn;
    if (this.snippet?.provider !== provider) this.snippet = null;
    try {
      if (this.languages.length === 0) this.languages = await this.#host.call('snippet_languages', {});
      const snippet = await this.#host.call('snippet', { provider, language });
      if (turn !== this.#turn) return;
      this.snippet = snippet;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = asCommandError(error);
    }
  }
}
