/** What the user has set. Changes are shown at once and put back where they could not be kept. */
import type { CommandError, Settings as Values, SettingsPatch } from '../bindings';
import { asCommandError } from '../host';
import type { App } from './app.svelte';
import type { Host } from './host';

export class Settings {
  /** Why the last change was not kept. */
  error: CommandError | null = $state.raw(null);

  #host: Host;
  #app: App;

  constructor(host: Host, app: App) {
    this.#host = host;
    this.#app = app;
  }

  /** All of them; none until the app's state is known. */
  get values(): Values | null {
    return this.#app.state?.settings ?? null;
  }

  /** Changes what is given; answers whether it was kept. */
  async change(patch: SettingsPatch): Promise<boolean> {
    const before = this.values;
    if (before) this.#show({ ...before, ...patch });
    try {
      this.#show(await this.#host.call('settings_change', { patch }));
      this.error = null;
      return true;
    } catch (error) {
      if (before) this.#show(before);
      this.error = asCommandError(error);
      return false;
    }
  }

  #show(settings: Values): void {
    if (this.#app.state) this.#app.state = { ...this.#app.state, settings };
  }
}
