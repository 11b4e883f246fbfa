/**
 * The window's state: one of each, made here and shared by all views.
 *
 * `app` (state, listener, rejudge) · `deliveries` · `providers` (list, byId, name, schemeName, selected, load) ·
 * `responses` and `forwarding` (rules and routes) · `settings` (values, change) · `tunnel` (public address) · `filters` (saved) · `shell` (view, tab, problem, note) · `actions` (run).
 */
import * as host from '../host';
import { App } from './app.svelte';
import type { Context } from './actions';
import { Deliveries } from './deliveries.svelte';
import { SavedFilters } from './filters.svelte';
import { Forwarding } from './forwarding.svelte';
import { Providers } from './providers.svelte';
import { Responses } from './responses.svelte';
import { Settings } from './settings.svelte';
import { Shell } from './shell.svelte';
import { Tunnel } from './tunnel.svelte';

export const shell = new Shell();
export const app = new App(host);
export const providers = new Providers(host);
export const settings = new Settings(host, app);
export const tunnel = new Tunnel(host, app);
export const filters = new SavedFilters(host, shell.report);
export const responses = new Responses(host);
export const forwarding = new Forwarding(host, shell.report);
export const deliveries = new Deliveries(host, shell.report, () => settings.values?.grouped ?? true);

for (const part of [deliveries, providers, filters, responses, forwarding, shell]) app.subscribe(part);

/** Signs a sample of a provider and posts it; says what it was signed with, where a secret was made for it. */
export async function sendTest(provider: string): Promise<void> {
  // Who sends one wants to see it arrive.
  deliveries.follow();
  if (deliveries.filter !== '') await deliveries.applyFilter('');
  try {
    const sent = await host.call('test_delivery', { provider, event_type: null });
    if (sent.secret_made && sent.secret !== null) {
      shell.note = `${providers.name(provider)} had no secret: “${sent.secret}” was made and stored for the test. Replace it under Providers.`;
    }
    if (sent.status >= 300) {
      shell.report({
        code: 'failed',
        message: `The test delivery of ${providers.name(provider)} was answered ${sent.status}.`,
        detail: null,
      });
    }
  } catch (error) {
    shell.report(host.asCommandError(error));
  }
}

/** What the table of actions works on. */
export const context: Context = {
  app,
  deliveries,
  providers,
  settings,
  shell,
  copy: host.copyText,
  sendTest,
  focus: (to) => {
    // After the change that the action made is on the screen.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-focus="${to}"]`)?.focus());
  },
};
