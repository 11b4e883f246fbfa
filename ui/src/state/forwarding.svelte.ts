/** Where deliveries are forwarded, and what endpoints missed. */
import type { EngineEvent, ForwardProgress, Route, RouteInfo } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import { Ordered } from './ordered.svelte';

/** A route to begin with. */
export function newRoute(change: Partial<Route> = {}): Route {
  return {
    id: '',
    name: 'My endpoint',
    on: true,
    when: '',
    target: 'http://localhost:3000',
    mode: 'wait',
    strip: null,
    keep_host: false,
    forwarded_headers: false,
    any_certificate: false,
    timeout_ms: 30_000,
    failure_status: 502,
    ...change,
  };
}

/** Host and port of a target, for a small place: `localhost:3000`. */
export function hostOf(target: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(target.trim())?.[1] ?? target;
}

/** The URL that an endpoint gets for a path with its query; the engine's own rule (`core/src/route.rs`), for an example. */
export function exampleUrl(route: Pick<Route, 'target' | 'strip'>, pathAndQuery: string): string | null {
  const found = /^(https?:\/\/[^/?#]+)([^?#]*)(?:\?([^#]*))?$/i.exec(route.target.trim());
  if (!found) return null;
  const [, origin = '', rawPath = '', ownQuery = ''] = found;
  const [path = '', query = ''] = pathAndQuery.split('?', 2);
  const base = rawPath.replace(/\/+$/, '');
  let suffix = base === '' ? path : '';
  if (route.strip !== null) {
    const strip = route.strip.replace(/\/+$/, '');
    const rest = path.startsWith(strip) ? path.slice(strip.length) : null;
    suffix = rest !== null && (rest === '' || rest.startsWith('/')) ? rest : path;
  }
  const queries = [ownQuery, query].filter((one) => one !== '').join('&');
  return `${origin}${base}${suffix}${base === '' && suffix === '' ? '/' : ''}${queries === '' ? '' : `?${queries}`}`;
}

export class Forwarding extends Ordered<Route> implements Listener {
  /** How many deliveries each route missed, by its id. */
  missed: ReadonlyMap<string, number> = $state.raw(new Map());
  /** Sending what was missed, by route: under way, or over and not yet put away. */
  progress: ReadonlyMap<string, ForwardProgress> = $state.raw(new Map());
  /** The view is open: what was missed is counted again as it changes. */
  watched = false;

  readonly recount: () => Promise<void>;
  #host: Host;
  #report: Report;

  constructor(host: Host, report: Report) {
    super({
      read: async () => this.#take(await host.call('routes', {})),
      write: async (routes) => this.#take(await host.call('routes_set', { routes: [...routes] })),
      check: (route) => host.call('route_check', { route }),
    });
    this.#host = host;
    this.#report = report;
    this.recount = coalesce(() => this.load());
  }

  /** The routes that are on, in order. */
  get active(): readonly Route[] {
    return this.saved.filter((route) => route.on);
  }

  async sendMissed(route: string): Promise<void> {
    try {
      this.#tell(await this.#host.call('forward_missed', { route }));
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  async cancel(route: string): Promise<void> {
    try {
      await this.#host.call('forward_cancel', { route });
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  onEvents(events: readonly EngineEvent[]): void {
    for (const event of events) if (event.type === 'forwarding') this.#tell(event);
    const changed = events.some((event) => event.type === 'routes_changed');
    const sent = events.some((event) => event.type === 'attempts_changed' || event.type === 'delivery_added');
    if (changed || (this.watched && sent)) void this.recount();
  }

  onReread(): void {
    void this.load();
  }

  #tell(progress: ForwardProgress): void {
    this.progress = new Map(this.progress).set(progress.route, progress);
  }

  #take(infos: readonly RouteInfo[]): readonly Route[] {
    this.missed = new Map(infos.map((info) => [info.route.id, info.missed]));
    for (const info of infos) if (info.catching_up) this.#tell(info.catching_up);
    return infos.map((info) => info.route);
  }
}
