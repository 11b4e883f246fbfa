/**
 * The window's state: one of each, made here and shared by all views.
 *
 * `app` (state, listener, rejudge) · `deliveries` · `batch` (many resent together) · `providers` (list, byId, name, schemeName,
 * selected, load) · `responses` and `forwarding` (rules and routes) · `compose` (draft in work, templates) · `lab` (the retry
 * lab) · `check` (the endpoint check) · `exporting` (deliveries become files) · `importing` (files become deliveries) ·
 * `fixtures` (folders of files) · `comparing`, `hashing` and `ticks` (two things side by side) · `settings` (values,
 * change) · `tunnel` (public address) · `filters` (saved) · `shell` (view, tab, problem, note) · `actions` (run).
 */
import * as host from '../host';
import { App } from './app.svelte';
import type { Context } from './actions';
import { Compose } from './compose.svelte';
import { Batch } from './batch.svelte';
import { EndpointCheck } from './check.svelte';
import { languageOf } from './checkWords';
import { Comparing } from './comparing.svelte';
import { Exporting } from './export.svelte';
import { Deliveries } from './deliveries.svelte';
import { SavedFilters } from './filters.svelte';
import { Fixtures } from './fixtures.svelte';
import { duration } from './format';
import { Forwarding } from './forwarding.svelte';
import { Hashing } from './hashing.svelte';
import { Importing } from './importing.svelte';
import { Lab, labDelivery } from './lab.svelte';
import { DeliveryPick } from './labPick.svelte';
import { Providers } from './providers.svelte';
import { Responses } from './responses.svelte';
import { Settings } from './settings.svelte';
import { Shell } from './shell.svelte';
import { Ticks } from './ticks.svelte';
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
export const compose = new Compose(host, host.fetchBody);
export const comparing = new Comparing(host);
export const hashing = new Hashing(host);
export const ticks = new Ticks();
export const labPick = new DeliveryPick(host);
export const lab = new Lab(host, {
  report: shell.report,
  say: (words) => (shell.announcement = words),
  told: (said) => (shell.said = said),
  save: host.saveText,
  now: () => performance.now(),
});

export const check = new EndpointCheck(host, {
  report: shell.report,
  say: (words) => (shell.announcement = words),
  told: (said) => (shell.said = said),
  save: host.saveText,
  copy: host.copyText,
  language: () => languageOf(settings.values?.snippet_language),
});

export const fixtures = new Fixtures(host, {
  report: shell.report,
  told: (said) => (shell.said = said),
  copy: host.copyText,
  chooseFolder: host.chooseFolder,
});

export const batch = new Batch(host, shell.report, (words) => (shell.announcement = words));
export const exporting = new Exporting(host, {
  report: shell.report,
  say: (words) => (shell.announcement = words),
  told: (said) => (shell.said = said),
  copy: host.copyText,
  chooseFolder: host.chooseFolder,
  chooseNewFile: host.chooseNewFile,
  last: () => settings.values?.export ?? null,
  remember: (chosen) => void settings.change({ export: chosen }),
});
export const importing = new Importing(host, {
  report: shell.report,
  say: (words) => (shell.announcement = words),
  chooseFiles: host.chooseFiles,
  chooseFolder: host.chooseFolder,
  onFileDrop: host.onFileDrop,
});

for (const part of [
  deliveries,
  batch,
  providers,
  filters,
  responses,
  forwarding,
  compose,
  lab,
  check,
  exporting,
  importing,
  fixtures,
  shell,
])
  app.subscribe(part);

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

/** Opens a delivery in the editor; the draft in work is put aside. */
export async function edit(delivery: string, because: string | null = null): Promise<void> {
  shell.view = 'compose';
  await compose.start({ kind: 'delivery', id: delivery }, because);
}

/** Opens the retry lab with the selected delivery. */
export function rehearse(delivery: string): void {
  const row = deliveries.detail.value?.summary ?? deliveries.selectedRow;
  if (row?.id !== delivery) return;
  lab.take(labDelivery(row));
  shell.view = 'lab';
}

let resent = 0;

/** Sends a delivery again as it came; where nobody knows where to, the editor asks. */
export async function resend(delivery: string): Promise<void> {
  resent += 1;
  try {
    const attempt = await host.call('delivery_resend', { token: `resend-${String(resent)}`, id: delivery, to: null });
    const look = {
      label: 'Show',
      run: () => {
        shell.view = 'deliveries';
        shell.tab = 'response';
        deliveries.select(delivery);
      },
    };
    const { status, error, total_us: took } = attempt;
    const late = took === null ? '' : ` in ${duration(took)}`;
    shell.said =
      status === null
        ? { words: `Resent to ${attempt.url}: ${error ?? 'no answer.'}`, tone: 'fail', look }
        : {
            words: `Resent to ${attempt.url}: ${String(status)}${late}.`,
            tone: status < 300 ? 'pass' : 'fail',
            look,
          };
  } catch (error) {
    const fault = host.asCommandError(error);
    if (fault.code === 'bad_input') await edit(delivery, fault.message);
    else shell.report(fault);
  }
}

/** Copies a delivery as a `curl` command. */
export async function copyCurl(delivery: string): Promise<void> {
  try {
    const { text, notes } = await host.call('delivery_copy', { id: delivery, form: 'curl', keep_out: false });
    await host.copyText(text);
    shell.said = { words: ['Copied as curl.', ...notes].join(' '), tone: 'pass' };
  } catch (error) {
    shell.report(host.asCommandError(error));
  }
}

/** What the table of actions works on. */
export const context: Context = {
  app,
  batch,
  check,
  importing,
  comparing,
  deliveries,
  fixtures,
  providers,
  settings,
  shell,
  compose,
  copy: host.copyText,
  sendTest,
  edit,
  exporting,
  lab,
  rehearse,
  resend,
  copyCurl,
  focus: (to) => {
    // After the change that the action made is on the screen.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-focus="${to}"]`)?.focus());
  },
};
