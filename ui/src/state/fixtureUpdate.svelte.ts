/**
 * Updating a fixture from a delivery: which delivery, what would change, and writing that.
 *
 * Invariant: what is written is the difference that is shown. Where the file changed meanwhile, the engine refuses, and the new
 * difference is shown with its words.
 */
import type { CommandError, DeliverySummary, FixtureFile, FolderDiff } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

/** Newer deliveries of the same event that are offered. */
const OFFERED = 20;

/** A delivery that the file can be updated from. */
export interface Source {
  row: DeliverySummary;
  /** Why it is offered. */
  why: string;
}

/** A value of a filter, quoted. */
const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`;

export class FixtureUpdate {
  /** The file; none where nothing is being updated. */
  file: FixtureFile | null = $state.raw(null);
  sources: readonly Source[] = $state.raw([]);
  /** The sources were read. */
  ready = $state(false);
  /** The chosen delivery. */
  delivery: string | null = $state(null);
  diff: FolderDiff | null = $state.raw(null);
  error: CommandError | null = $state.raw(null);
  /** Why it was not written. */
  refused: string | null = $state(null);
  /** The difference is being made. */
  busy = $state(false);
  /** It is being written. */
  writing = $state(false);

  #host: Host;
  #onWritten: (file: FixtureFile) => void;
  #opened = 0;
  #asked = 0;

  constructor(host: Host, onWritten: (file: FixtureFile) => void) {
    this.#host = host;
    this.#onWritten = onWritten;
  }

  /** Nothing would change. */
  get same(): boolean {
    return this.diff !== null && this.diff.fields.length === 0;
  }

  get canWrite(): boolean {
    return this.diff !== null && !this.same && !this.busy && !this.writing;
  }

  /** Begins; `selected` is the delivery that is selected in the list, `wanted` the one to begin with. */
  async start(file: FixtureFile, selected: string | null, wanted: string | null = null): Promise<void> {
    const opened = ++this.#opened;
    this.file = file;
    this.sources = [];
    this.ready = false;
    this.delivery = null;
    this.diff = null;
    this.error = null;
    this.refused = null;
    const sources = await this.#find(file, selected, wanted);
    if (opened !== this.#opened) return;
    this.sources = sources;
    this.ready = true;
    const first = sources.find((one) => one.row.id === wanted) ?? sources[0];
    if (first) await this.choose(first.row.id);
  }

  /** Chooses the delivery and shows what would change. */
  async choose(delivery: string): Promise<void> {
    this.delivery = delivery;
    this.refused = null;
    await this.compare();
  }

  async compare(): Promise<void> {
    const { file, delivery } = this;
    if (file === null || delivery === null) return;
    const asked = ++this.#asked;
    this.busy = true;
    try {
      const diff = await this.#host.call('folder_diff', { file: file.file, delivery });
      if (asked !== this.#asked) return;
      this.diff = diff;
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.diff = null;
      this.error = asCommandError(error);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  /** Writes the difference that is shown. */
  async write(): Promise<void> {
    const { file, diff } = this;
    if (file === null || diff === null || !this.canWrite) return;
    const opened = this.#opened;
    this.writing = true;
    this.refused = null;
    try {
      const { delivery, version } = diff;
      const written = await this.#host.call('folder_update', { file: file.file, delivery, version });
      if (opened === this.#opened) this.close();
      this.#onWritten(written);
    } catch (error) {
      if (opened !== this.#opened) return;
      const refused = asCommandError(error).message;
      await this.compare();
      if (opened === this.#opened) this.refused = refused;
    } finally {
      this.writing = false;
    }
  }

  close(): void {
    this.#opened += 1;
    this.#asked += 1;
    this.file = null;
    this.diff = null;
    this.busy = false;
  }

  /** The delivery that it came from, newer ones of its event, and those that were chosen; each once. */
  async #find(file: FixtureFile, selected: string | null, wanted: string | null): Promise<Source[]> {
    const one = async (id: string | null, why: string): Promise<Source[]> => {
      if (id === null) return [];
      const { summary } = await this.#host.call('delivery_detail', { id });
      return [{ row: summary, why }];
    };
    const alike = async (): Promise<Source[]> => {
      if (file.provider === null || file.event_type === null) return [];
      const filter = `provider:${quoted(file.provider)} event:${quoted(file.event_type)}`;
      const args = { filter, before: null, limit: OFFERED, grouped: false };
      const page = await this.#host.call('deliveries_page', args);
      return page.items.map((row) => ({ row, why: 'the same event' }));
    };
    const found = await Promise.allSettled([
      one(file.capture, 'the one it came from'),
      one(wanted, 'the one you chose'),
      one(selected, 'selected in Deliveries'),
      alike(),
    ]);
    const all = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    return all.filter((one, at) => all.findIndex((other) => other.row.id === one.row.id) === at);
  }
}
