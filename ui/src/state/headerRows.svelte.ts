/**
 * The headers of a draft as rows that are edited. Their order, their spelling and duplicates are the user's.
 *
 * Deliberately absent: what a header may contain. The engine's preview says what cannot be sent.
 */
import type { DraftHeader, PreviewHeader } from '../bindings';

/** A header with a key that stays its own while rows move. */
export interface HeaderRow extends DraftHeader {
  key: number;
}

/** A row beside what leaves of it; without a row it is one that is added. */
export interface LeavingRow {
  row: HeaderRow;
  leaves: PreviewHeader | null;
}

export class HeaderRows {
  rows: readonly HeaderRow[] = $state.raw([]);

  #next = 0;
  #onchange: () => void;

  constructor(headers: readonly DraftHeader[], onchange: () => void) {
    this.rows = headers.map((header) => ({ ...header, key: this.#next++ }));
    this.#onchange = onchange;
  }

  /** As the engine takes them. A row without a name and a value is one that nobody has filled in yet. */
  list(): DraftHeader[] {
    return this.rows
      .filter(({ name, value }) => name.text !== '' || value.text !== '')
      .map(({ name, value, on, follows }) => ({ name, value, on, follows }));
  }

  /** Adds an empty row behind another or at the end; answers its key. */
  add(behind?: number): number {
    const key = this.#next++;
    const row: HeaderRow = { key, name: { text: '' }, value: { text: '' }, on: true, follows: false };
    const at = this.rows.findIndex((one) => one.key === behind);
    this.#set(at < 0 ? [...this.rows, row] : this.rows.toSpliced(at + 1, 0, row));
    return key;
  }

  remove(key: number): void {
    this.#set(this.rows.filter((row) => row.key !== key));
  }

  /** Up (-1) or down (1). */
  move(key: number, by: -1 | 1): void {
    const at = this.rows.findIndex((row) => row.key === key);
    const row = this.rows[at];
    const to = at + by;
    if (!row || to < 0 || to >= this.rows.length) return;
    this.#set(this.rows.toSpliced(at, 1).toSpliced(to, 0, row));
  }

  /** Changes a row; a typed text replaces bytes that were no text. */
  edit(key: number, change: { name?: string; value?: string; on?: boolean; follows?: boolean }): void {
    this.#set(
      this.rows.map((row) =>
        row.key !== key
          ? row
          : {
              ...row,
              ...(change.name === undefined ? {} : { name: { text: change.name } }),
              ...(change.value === undefined ? {} : { value: { text: change.value } }),
              ...(change.on === undefined ? {} : { on: change.on }),
              ...(change.follows === undefined ? {} : { follows: change.follows }),
            },
      ),
    );
  }

  /** The value of the first header that is sent under a name. */
  value(name: string): string | null {
    return this.rows.find((row) => row.on && row.name.text.toLowerCase() === name)?.value.text ?? null;
  }

  /** Every row with what leaves of it, and what leaves without one. */
  beside(preview: readonly PreviewHeader[]): { rows: LeavingRow[]; added: PreviewHeader[] } {
    const left = [...preview];
    const rows = this.rows.map((row): LeavingRow => {
      const name = row.name.text.toLowerCase();
      const at = row.on && name !== '' ? left.findIndex((one) => one.name.text.toLowerCase() === name) : -1;
      return { row, leaves: at < 0 ? null : (left.splice(at, 1)[0] ?? null) };
    });
    return { rows, added: left };
  }

  #set(rows: readonly HeaderRow[]): void {
    this.rows = rows;
    this.#onchange();
  }
}
