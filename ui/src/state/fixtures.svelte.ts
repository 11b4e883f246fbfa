/**
 * Fixtures: the folders that the user works with, the files of one of them, and one file's detail.
 *
 * Invariants: what is shown of a folder is never older than the last change that was heard of; a late answer for another
 * folder, filter or file is dropped. Removing a folder touches no file.
 */
import type {
  AttemptInfo,
  CommandError,
  EngineEvent,
  FixtureDetail,
  FixtureFile,
  FixtureState,
  FolderCounts,
  FolderInfo,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import { FixtureUpdate } from './fixtureUpdate.svelte';
import { duration } from './format';
import type { Host, Report } from './host';
import type { Said } from './shell.svelte';

/** Files of one page. */
export const PAGE = 200;
/** From the last key in the filter to the question, in milliseconds. */
const TYPED = 150;

export type FixtureTab = 'verdict' | 'body' | 'headers' | 'raw';
export const FIXTURE_TABS: readonly FixtureTab[] = ['verdict', 'body', 'headers', 'raw'];

/** What it needs of the window. */
export interface Around {
  report: Report;
  told: (said: Said) => void;
  copy: (text: string) => Promise<void>;
  chooseFolder: (title: string) => Promise<string | null>;
}

export class Fixtures implements Listener {
  folders: readonly FolderInfo[] = $state.raw([]);
  /** The list of folders was read once. */
  loaded = $state(false);
  /** Why it could not be read. */
  error: CommandError | null = $state.raw(null);
  /** By folder, once they are counted. */
  counts: ReadonlyMap<string, FolderCounts> = $state.raw(new Map());

  /** The chosen folder's path. */
  folder: string | null = $state(null);
  text = $state('');
  state: FixtureState = $state('all');
  files: readonly FixtureFile[] = $state.raw([]);
  matched = $state(0);
  total = $state(0);
  /** There are more files than are listed. */
  notice: string | null = $state(null);
  /** Files are being read. */
  loading = $state(false);
  /** The shown files are of the chosen folder and filter. */
  current = $state(false);
  /** Why the files could not be read. */
  filesError: CommandError | null = $state.raw(null);

  /** The chosen file's path. */
  selected: string | null = $state(null);
  detail: FixtureDetail | null = $state.raw(null);
  detailError: CommandError | null = $state.raw(null);
  tab: FixtureTab = $state('verdict');

  /** A folder is being added: what is typed, and what is wrong with it. */
  adding = $state(false);
  typed = $state('');
  addError: string | null = $state(null);
  addBusy = $state(false);
  /** The folder that was removed last; it can be added again. */
  removed: string | null = $state(null);

  /** Where fixtures are sent; what was used last. */
  to = $state('');
  /** It is being asked where to. */
  asking = $state(false);
  sendError: string | null = $state(null);
  /** The file that is on its way. */
  sending: string | null = $state(null);
  /** What came back last, and to which file. */
  answer: { file: string; attempt: AttemptInfo } | null = $state.raw(null);

  readonly update: FixtureUpdate;
  /** Reads everything again. */
  readonly reload: () => Promise<void>;

  #host: Host;
  #around: Around;
  #next: string | null = null;
  #asked = 0;
  #askedDetail = 0;
  #counted = 0;
  #sent = 0;
  #open = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host, around: Around) {
    this.#host = host;
    this.#around = around;
    this.update = new FixtureUpdate(host, (file) => {
      around.told({ words: `${file.name} is updated.`, tone: 'pass' });
      void this.reload();
    });
    this.reload = coalesce(() => this.#reload());
  }

  /** The chosen folder. */
  get info(): FolderInfo | null {
    return this.folders.find((one) => one.path === this.folder) ?? null;
  }

  get more(): boolean {
    return this.#next !== null;
  }

  get selectedIndex(): number {
    return this.files.findIndex((one) => one.file === this.selected);
  }

  /** The chosen file as a row, or as its detail says where the filter does not take it. */
  get row(): FixtureFile | null {
    if (this.selected === null) return null;
    const detail = this.detail?.file;
    return this.files.find((one) => one.file === this.selected) ?? (detail?.file === this.selected ? detail : null);
  }

  /** The view is there: from now on changes are followed. */
  async open(): Promise<void> {
    this.#open = true;
    await this.reload();
  }

  close(): void {
    this.#open = false;
  }

  onEvents(events: readonly EngineEvent[]): void {
    const arrived = ['delivery_added', 'deliveries_added'];
    const changes = ['folders_changed', 'providers_changed', 'deliveries_changed', ...arrived];
    if (this.#open && events.some((event) => changes.includes(event.type))) void this.reload();
  }

  onReread(): void {
    if (this.#open) void this.reload();
  }

  /** Chooses a folder. */
  async choose(folder: string): Promise<void> {
    if (folder === this.folder) return;
    this.folder = folder;
    this.select(null);
    await this.#readAnew();
  }

  /** Filters by words, once the typing pauses. */
  search(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readAnew(), TYPED);
  }

  async show(state: FixtureState): Promise<void> {
    this.state = state;
    await this.#readAnew();
  }

  async loadMore(): Promise<void> {
    const { folder } = this;
    if (folder === null || this.#next === null || this.loading) return;
    const asked = this.#asked;
    this.loading = true;
    try {
      const page = await this.#page(folder, this.#next, PAGE);
      if (asked !== this.#asked) return;
      this.files = [...this.files, ...page.files];
      this.#next = page.next;
    } catch (error) {
      if (asked === this.#asked) this.#around.report(asCommandError(error));
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  select(file: string | null): void {
    if (file === this.selected) return;
    this.selected = file;
    this.detail = null;
    this.detailError = null;
    void this.#readDetail();
  }

  move(by: 1 | -1 | 'first' | 'last'): void {
    const last = this.files.length - 1;
    if (last < 0) return;
    const at = this.selectedIndex;
    const to = by === 'first' ? 0 : by === 'last' ? last : Math.min(Math.max(at + by, 0), last);
    this.select(this.files[to]?.file ?? null);
  }

  /** Lets the user choose a folder and adds it. */
  async browse(): Promise<void> {
    try {
      const path = await this.#around.chooseFolder('Choose a folder of fixtures');
      if (path === null) return;
      this.typed = path;
      await this.add();
    } catch (error) {
      this.addError = asCommandError(error).message;
    }
  }

  /** Adds the folder that is typed. */
  async add(): Promise<void> {
    const path = this.typed.trim();
    if (path === '' || this.addBusy) return;
    this.addBusy = true;
    this.addError = null;
    try {
      const before = this.folders.map((one) => one.path);
      this.folders = await this.#host.call('folder_add', { path });
      this.adding = false;
      this.typed = '';
      const added = this.folders.find((one) => !before.includes(one.path));
      if (added) {
        this.folder = added.path;
        this.select(null);
      }
      await this.reload();
    } catch (error) {
      this.addError = asCommandError(error).message;
    } finally {
      this.addBusy = false;
    }
  }

  /** Takes a folder off the list; its files stay. */
  async remove(path: string): Promise<void> {
    const name = this.folders.find((one) => one.path === path)?.name ?? path;
    try {
      this.folders = await this.#host.call('folder_remove', { path });
      this.removed = path;
      this.#around.told({
        words: `${name} is off the list. Its files are where they were.`,
        tone: 'info',
        look: { label: 'Undo', run: () => void this.undo() },
      });
      await this.reload();
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  /** Puts the folder that was removed last back. */
  async undo(): Promise<void> {
    if (this.removed === null) return;
    try {
      const path = this.removed;
      this.folders = await this.#host.call('folder_add', { path });
      this.removed = null;
      this.folder = path;
      await this.reload();
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  /** Sends the chosen file to where the last one went; the first time it is asked where. */
  async resend(): Promise<void> {
    const row = this.row;
    if (row === null || row.problem !== null || this.sending !== null) return;
    if (this.to.trim() === '') {
      this.sendError = null;
      this.asking = true;
      return;
    }
    this.#sent += 1;
    this.sending = row.file;
    this.sendError = null;
    try {
      const token = `fixture-${String(this.#sent)}`;
      const attempt = await this.#host.call('folder_send', { token, file: row.file, to: this.to.trim() });
      this.answer = { file: row.file, attempt };
      this.asking = false;
      const took = attempt.total_us === null ? '' : ` in ${duration(attempt.total_us)}`;
      this.#around.told(
        attempt.status === null
          ? { words: `${row.name} was sent to ${attempt.url}: ${attempt.error ?? 'no answer.'}`, tone: 'fail' }
          : {
              words: `${row.name} was sent to ${attempt.url}: ${String(attempt.status)}${took}.`,
              tone: attempt.status < 300 ? 'pass' : 'fail',
            },
      );
    } catch (error) {
      this.sendError = asCommandError(error).message;
      this.asking = true;
    } finally {
      this.sending = null;
    }
  }

  async copyPath(): Promise<void> {
    if (this.selected === null) return;
    try {
      await this.#around.copy(this.selected);
      this.#around.told({ words: 'The file’s path is copied.', tone: 'pass' });
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  #page(folder: string, before: string | null, limit: number) {
    const filter = { text: this.text, state: this.state };
    return this.#host.call('folder_files', { path: folder, filter, before, limit });
  }

  async #reload(): Promise<void> {
    try {
      this.folders = await this.#host.call('folders', {});
      this.error = null;
    } catch (error) {
      this.error = asCommandError(error);
      return;
    } finally {
      this.loaded = true;
    }
    if (!this.folders.some((one) => one.path === this.folder)) {
      this.folder = this.folders[0]?.path ?? null;
      this.select(null);
    }
    await Promise.all([this.#readFiles(this.files.length), this.#readDetail()]);
    void this.#count();
  }

  /** Counts every folder, the chosen one first. */
  async #count(): Promise<void> {
    const counted = ++this.#counted;
    const chosen = this.folder;
    const order = [...this.folders].sort((a, b) => Number(b.path === chosen) - Number(a.path === chosen));
    for (const { path } of order) {
      let counts: FolderCounts | null = null;
      try {
        counts = await this.#host.call('folder_counts', { path });
      } catch {
        // The folder itself says why it cannot be read.
      }
      if (counted !== this.#counted) return;
      const all = new Map(this.counts);
      if (counts) all.set(path, counts);
      else all.delete(path);
      this.counts = all;
    }
  }

  async #readAnew(): Promise<void> {
    clearTimeout(this.#timer);
    this.current = false;
    await this.#readFiles(0);
  }

  /** Reads the files from the first on, as many as were there. */
  async #readFiles(least: number): Promise<void> {
    const asked = ++this.#asked;
    const { folder } = this;
    if (folder === null || this.info?.files === 0) {
      this.files = [];
      this.#next = null;
      this.matched = 0;
      this.total = 0;
      this.filesError = null;
      this.current = true;
      this.loading = false;
      return;
    }
    this.loading = true;
    try {
      let files: FixtureFile[] = [];
      let next: string | null = null;
      do {
        const page = await this.#page(folder, next, PAGE);
        if (asked !== this.#asked) return;
        files = files.concat(page.files);
        next = page.next;
        this.matched = page.matched;
        this.total = page.total;
        this.notice = page.problem;
      } while (next !== null && files.length < least);
      this.files = files;
      this.#next = next;
      this.filesError = null;
      this.current = true;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.files = [];
      this.#next = null;
      this.filesError = asCommandError(error);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  async #readDetail(): Promise<void> {
    const file = this.selected;
    const asked = ++this.#askedDetail;
    if (file === null) return;
    try {
      const detail = await this.#host.call('folder_file', { file });
      if (asked !== this.#askedDetail) return;
      this.detail = detail;
      this.detailError = null;
    } catch (error) {
      if (asked !== this.#askedDetail) return;
      this.detail = null;
      this.detailError = asCommandError(error);
    }
  }
}
