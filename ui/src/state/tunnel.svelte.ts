/** The public address: the tunnel that gives it, and the programs that make tunnels. */
import type { CommandError, TunnelProgram, TunnelState } from '../bindings';
import { asCommandError } from '../host';
import type { App } from './app.svelte';
import type { Host } from './host';

const OFF: TunnelState = { phase: 'off', program: null, public_url: null, own_url: null, message: null, lines: [] };

export class Tunnel {
  /** The programs; none until they were looked for. */
  programs: readonly TunnelProgram[] = $state.raw([]);
  /** What could not be done last. */
  error: CommandError | null = $state.raw(null);
  /** Something is being started or stopped. */
  busy = $state(false);

  #host: Host;
  #app: App;

  constructor(host: Host, app: App) {
    this.#host = host;
    this.#app = app;
  }

  get state(): TunnelState {
    return this.#app.state?.tunnel ?? OFF;
  }

  /** Where senders on the internet reach the listener. */
  get publicUrl(): string | null {
    return this.state.public_url;
  }

  /** What a provider's page is to be given for one provider: public where there is such an address, else local. */
  hookUrl(provider: string): string | null {
    const base = this.publicUrl ?? this.#app.listener.url;
    return base === null ? null : `${base}/${provider}`;
  }

  look(): Promise<boolean> {
    return this.#do(async () => {
      this.programs = await this.#host.call('tunnel_programs', {});
    });
  }

  choose(program: string, path: string): Promise<boolean> {
    return this.#do(async () => {
      this.programs = await this.#host.call('tunnel_choose', { program, path });
    });
  }

  start(program: string): Promise<boolean> {
    return this.#do(() => this.#host.call('tunnel_start', { program }));
  }

  stop(): Promise<boolean> {
    return this.#do(() => this.#host.call('tunnel_stop', {}));
  }

  useOwn(url: string): Promise<boolean> {
    return this.#do(() => this.#host.call('tunnel_own_url', { url }));
  }

  async #do(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      this.error = null;
      return true;
    } catch (error) {
      this.error = asCommandError(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
