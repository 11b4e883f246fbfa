/**
 * A draft in work: what stands in the editor, how it will be signed, what it will be, and what came back.
 *
 * Invariants: what is shown as a preview belongs to what stands there, or is older and marked so by `previewing`; an
 * answer to an older question is dropped. A secret that is typed in lives in a private field: `kept()`, which templates
 * and `JSON.stringify` see, has none, and `forget` takes it away when the draft is put aside.
 */
import type {
  AttemptDetail,
  AttemptInfo,
  Break,
  CommandError,
  Draft,
  DraftBody,
  DraftPreview,
  DraftSource,
  DraftStart,
  DraftVerdict,
  SendOptions,
  SigningChoice,
  SigningMode,
  SigningTime,
} from '../bindings';
import { asCommandError } from '../host';
import { HeaderRows } from './headerRows.svelte';
import type { Host } from './host';

/** From the last change to the look at what it will be, in milliseconds. */
export const PREVIEW_AFTER = 150;
/** A larger body is not edited as text, in bytes. */
export const EDIT_UP_TO = 1_000_000;

export type SigningKind = SigningMode['kind'];

/** What can be changed of a draft in work, headers aside. */
export interface Edit {
  method?: string;
  url?: string;
  body?: DraftBody;
  fill?: boolean;
  provider?: string | null;
  kind?: SigningKind;
  secret?: string | null;
  timestamp?: SigningTime;
  newId?: boolean;
  otherSecret?: string;
  fault?: Break | null;
}

/** What a draft in work needs of those around it. */
export interface Around {
  host: Host;
  /** The kept bytes of a delivery's body. */
  fetchBody: (id: string) => Promise<Uint8Array>;
  /** Something was sent, whatever came of it. */
  onSent: () => void;
}

let made = 0;
/** Unique while the app runs; it only names what may be cancelled. */
function newToken(): string {
  made += 1;
  return `draft-${String(made)}-${Math.random().toString(36).slice(2)}`;
}

export class Work {
  /** Unique while the app runs. */
  readonly id: number;
  readonly source: DraftSource;
  /** Where it comes from, in words. */
  readonly title: string;
  /** The delivery that attempts stand beside. */
  readonly delivery: string | null;
  readonly notes: readonly string[];
  /** The provider was known from the start. */
  readonly recognised: boolean;

  method = $state('');
  url = $state('');
  body: DraftBody = $state.raw({ kind: 'text', text: '' });
  /** Placeholders are filled in header values and the body too. */
  fill = $state(false);
  readonly headers: HeaderRows;
  /** The body that it began with. */
  originalBody: DraftBody = $state.raw({ kind: 'text', text: '' });
  /** The bytes of a body that is left untouched, for showing them. */
  bytes: Uint8Array | null = $state.raw(null);
  /** Why they cannot be shown. */
  bytesError: string | null = $state(null);

  provider: string | null = $state(null);
  kind: SigningKind = $state('keep');
  secret: string | null = $state(null);
  timestamp: SigningTime = $state.raw({ kind: 'now' });
  newId = $state(false);
  fault: Break | null = $state.raw(null);
  options: SendOptions = $state.raw({ timeout_ms: 30_000, any_certificate: false, follow_redirects: false });

  preview: DraftPreview | null = $state.raw(null);
  /** The verdict if the signature were kept as it is. */
  keepVerdict: DraftVerdict | null = $state.raw(null);
  previewError: CommandError | null = $state.raw(null);
  /** The preview is not of what stands there yet. */
  previewing = $state(false);

  /** It is on its way since then (milliseconds of `Date.now()`). */
  sending: { token: string; since: number; cancelled: boolean } | null = $state.raw(null);
  sendError: CommandError | null = $state.raw(null);
  /** The attempt whose answer is shown. */
  shown: string | null = $state(null);
  answer: AttemptDetail | null = $state.raw(null);
  answerError: CommandError | null = $state.raw(null);

  #otherSecret = $state('');
  #around: Around;
  #began: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  /** Changed since it was asked. */
  #dirty = $state(false);

  constructor(source: DraftSource, start: DraftStart, around: Around) {
    made += 1;
    this.id = made;
    this.source = source;
    this.title = start.title;
    this.delivery = start.delivery;
    this.notes = start.notes;
    this.recognised = start.signing.provider !== null;
    this.#around = around;
    this.method = start.draft.method;
    this.url = start.draft.url;
    this.body = start.draft.body;
    this.fill = start.draft.fill;
    this.originalBody = start.draft.body;
    this.headers = new HeaderRows(start.draft.headers, () => this.#touch());
    this.#takeSigning(start.signing);
    this.#began = JSON.stringify(this.kept());
    void this.#loadBytes();
    void this.ask();
  }

  /** Edited from something that was there before, which stays as it was. */
  get resends(): boolean {
    return this.source.kind === 'delivery' || this.source.kind === 'attempt';
  }

  /** The draft as it stands. */
  get draft(): Draft {
    return { method: this.method, url: this.url, headers: this.headers.list(), body: this.body, fill: this.fill };
  }

  /** Its signature as it is chosen, with a secret that was typed in. */
  get choice(): SigningChoice {
    return { provider: this.provider, mode: this.#mode(this.#otherSecret) };
  }

  /** The secret that was typed in. */
  get otherSecret(): string {
    return this.#otherSecret;
  }
  set otherSecret(value: string) {
    this.#otherSecret = value;
  }

  /** What may be kept of it: without a secret that was typed in. */
  kept(): { title: string; draft: Draft; signing: SigningChoice } {
    return { title: this.title, draft: this.draft, signing: { provider: this.provider, mode: this.#mode('') } };
  }

  toJSON(): unknown {
    return this.kept();
  }

  /** Something was changed since it was begun. */
  get changed(): boolean {
    return JSON.stringify(this.kept()) !== this.#began;
  }

  /** The body is not what it began with. */
  get bodyChanged(): boolean {
    return !sameBody(this.body, this.originalBody);
  }

  /** Why it cannot be sent. */
  get problem(): string | null {
    return this.preview?.problem ?? null;
  }

  get canSend(): boolean {
    return this.sending === null && (this.problem === null || this.#dirty || this.previewing);
  }

  /** Changes it, and looks at what it will be when the changing pauses. */
  edit(change: Edit): void {
    Object.assign(this, change);
    // Chosen before it was said which: a secret or a fault of another provider means nothing here.
    if (change.provider !== undefined) {
      this.secret = null;
      this.fault = null;
      if (change.provider === null) this.kind = 'keep';
    }
    this.#touch();
  }

  /** Forgets what must not outlive the work on it. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#otherSecret = '';
  }

  /** Asks at once what it will be. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dirty = false;
    const turn = ++this.#turn;
    this.previewing = true;
    const { draft, choice } = this;
    const keep: SigningChoice = { provider: this.provider, mode: { kind: 'keep' } };
    const asksKeep = choice.provider !== null && choice.mode.kind !== 'keep';
    const { host } = this.#around;
    try {
      const [preview, kept] = await Promise.all([
        host.call('draft_preview', { draft, signing: choice }),
        asksKeep ? host.call('draft_preview', { draft, signing: keep }).catch(() => null) : null,
      ]);
      if (turn !== this.#turn) return;
      this.preview = preview;
      this.keepVerdict = (asksKeep ? kept : preview)?.verdict ?? null;
      this.previewError = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.preview = null;
      this.previewError = asCommandError(error);
    }
    this.previewing = false;
  }

  /** Sends it as it stands. */
  async send(): Promise<void> {
    if (!this.canSend) return;
    if (this.problem !== null) {
      // It is that of what stood there before: what was typed last counts.
      await this.ask();
      if (this.problem !== null || this.sending !== null) return;
    }
    const token = newToken();
    this.sending = { token, since: Date.now(), cancelled: false };
    this.sendError = null;
    try {
      const { draft, choice: signing, delivery, options } = this;
      const info = await this.#around.host.call('draft_send', { token, delivery, draft, signing, options });
      this.sending = null;
      await this.show(info);
    } catch (error) {
      this.sending = null;
      this.shown = null;
      this.answer = null;
      this.sendError = asCommandError(error);
    } finally {
      this.#around.onSent();
    }
  }

  /** Ends what is on its way. */
  async cancel(): Promise<void> {
    if (this.sending === null || this.sending.cancelled) return;
    this.sending = { ...this.sending, cancelled: true };
    try {
      await this.#around.host.call('send_cancel', { token: this.sending.token });
    } catch (error) {
      this.sendError = asCommandError(error);
    }
  }

  /** Shows what came back to an attempt. */
  async show(attempt: AttemptInfo): Promise<void> {
    this.shown = attempt.id;
    this.answerError = null;
    try {
      const answer = await this.#around.host.call('attempt_detail', { id: attempt.id });
      if (this.shown === attempt.id) this.answer = answer;
    } catch (error) {
      if (this.shown !== attempt.id) return;
      this.answer = null;
      this.answerError = asCommandError(error);
    }
  }

  #mode(otherSecret: string): SigningMode {
    const { kind, secret, timestamp, newId, fault } = this;
    if (kind === 'sign') return { kind, secret, timestamp, new_id: newId };
    if (kind === 'other') return { kind, value: otherSecret };
    if (kind === 'break' && fault !== null) return { kind, secret, fault };
    return { kind: 'keep' };
  }

  #takeSigning({ provider, mode }: SigningChoice): void {
    this.provider = provider;
    this.kind = mode.kind;
    if (mode.kind === 'sign' || mode.kind === 'break') this.secret = mode.secret;
    if (mode.kind === 'sign') {
      this.timestamp = mode.timestamp;
      this.newId = mode.new_id;
    }
    if (mode.kind === 'other') this.#otherSecret = mode.value;
    if (mode.kind === 'break') this.fault = mode.fault;
  }

  #touch(): void {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.previewing = true;
    this.#timer = setTimeout(() => void this.ask(), PREVIEW_AFTER);
  }

  /** Reads a delivery's body: a short text is edited, everything else is shown as it is. */
  async #loadBytes(): Promise<void> {
    const body = this.body;
    if (body.kind !== 'of_delivery') return;
    try {
      this.bytes = await this.#around.fetchBody(body.id);
    } catch (error) {
      this.bytesError = asCommandError(error).message;
      return;
    }
    const text = this.bytes.length === body.len && body.len <= EDIT_UP_TO ? textOf(this.bytes) : null;
    if (text === null || this.body !== body) return;
    const unchanged = !this.changed;
    // The same bytes in another form: neither a change nor a reason to look again.
    this.body = { kind: 'text', text };
    this.originalBody = this.body;
    if (unchanged) this.#began = JSON.stringify(this.kept());
  }
}

/** Compared as they are: a large text is looked at with every key press. */
function sameBody(one: DraftBody, other: DraftBody): boolean {
  if (one.kind === 'text' && other.kind === 'text') return one.text === other.text;
  if (one.kind === 'base64' && other.kind === 'base64') return one.base64 === other.base64;
  return one.kind === other.kind && 'id' in one && 'id' in other && one.id === other.id;
}

/** Bytes as text, where it is UTF-8 and nothing is lost; a byte order mark stays in it. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
