/** Comparisons as rows for the eye. Pure. */
import type { ByteRow, JsonChangeKind, HeaderChange, LineHunk, TextLine } from '../../bindings';

/** A line of one side with its number and, where that is what differs, how it ends. */
export interface NumberedLine {
  number: number;
  text: string;
  end: string;
}

/** A row of two lines side by side, or a stretch that is folded. */
export type SideBySide =
  | { kind: 'folded'; key: string; count: number; line: number }
  | {
      kind: 'equal' | 'added' | 'removed' | 'changed';
      key: string;
      a: NumberedLine | null;
      b: NumberedLine | null;
    };

const ENDS: Record<TextLine['end'], string> = { lf: 'LF', cr_lf: 'CR LF', none: 'no line end' };

/** Stretches of lines as rows, in order. */
export function sideBySide(hunks: readonly LineHunk[]): SideBySide[] {
  return hunks.flatMap((hunk): SideBySide[] => {
    if (hunk.kind === 'folded') {
      return [{ kind: 'folded', key: `f${String(hunk.a_line)}`, count: hunk.count, line: hunk.a_line }];
    }
    let a = hunk.a_line;
    let b = hunk.b_line;
    return hunk.rows.map((row): SideBySide => {
      const ends = row.a !== null && row.b !== null && row.a.end !== row.b.end;
      const numbered = (line: TextLine | null, number: number): NumberedLine | null =>
        line === null ? null : { number, text: line.text, end: ends ? ENDS[line.end] : '' };
      const key = `${row.a === null ? '' : String(a)} ${row.b === null ? '' : String(b)}`;
      const kind =
        hunk.kind !== 'changed' ? hunk.kind : row.a === null ? 'added' : row.b === null ? 'removed' : 'changed';
      const made = { kind, key, a: numbered(row.a, a), b: numbered(row.b, b) } as SideBySide;
      if (row.a !== null) a += 1;
      if (row.b !== null) b += 1;
      return made;
    });
  });
}

/** A text in three: what both have at the start, what differs, what both have at the end. Whole characters only. */
export type Parts = [string, string, string];

/** Two texts with what differs in the middle of each. */
export function middles(a: string, b: string): [Parts, Parts] {
  const [x, y] = [Array.from(a), Array.from(b)];
  const most = Math.min(x.length, y.length);
  let start = 0;
  while (start < most && x[start] === y[start]) start += 1;
  let end = 0;
  while (end < most - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end += 1;
  const cut = (text: string[]): Parts => [
    text.slice(0, start).join(''),
    text.slice(start, text.length - end).join(''),
    text.slice(text.length - end).join(''),
  ];
  return [cut(x), cut(y)];
}

/** A byte of a row: two hex digits and its character; none where that side has ended. */
export interface HexCell {
  hex: string;
  character: string;
  differs: boolean;
}

/** The bytes of one side of a row, sixteen cells. */
export function hexCells(row: ByteRow, side: 'a' | 'b'): HexCell[] {
  const [own, other] = side === 'a' ? [row.a, row.b] : [row.b, row.a];
  return Array.from({ length: 16 }, (_, at) => {
    const byte = own[at];
    const differs = byte !== other[at];
    if (byte === undefined) return { hex: '  ', character: ' ', differs };
    const seen = byte >= 0x20 && byte < 0x7f;
    return { hex: byte.toString(16).padStart(2, '0'), character: seen ? String.fromCharCode(byte) : '·', differs };
  });
}

/** Cells that stand together and are alike, joined: one element a run instead of one a byte. */
export function runs(cells: readonly HexCell[]): { hex: string; characters: string; differs: boolean }[] {
  const joined: { hex: string; characters: string; differs: boolean }[] = [];
  for (const cell of cells) {
    const last = joined.at(-1);
    if (last?.differs === cell.differs) {
      last.hex += ` ${cell.hex}`;
      last.characters += cell.character;
    } else joined.push({ hex: cell.hex, characters: cell.character, differs: cell.differs });
  }
  return joined;
}

/** What a kind of change is called, with its sign and tone. */
export const CHANGES: Record<JsonChangeKind, { words: string; tone: 'pass' | 'fail' | 'warn' | 'accent' | 'grey' }> = {
  added: { words: '+ added', tone: 'pass' },
  removed: { words: '− removed', tone: 'fail' },
  changed: { words: '± changed', tone: 'warn' },
  moved: { words: '→ moved', tone: 'accent' },
  reordered: { words: '↕ other order', tone: 'accent' },
  respelled: { words: '= written differently', tone: 'grey' },
  respelled_name: { words: '= name written differently', tone: 'grey' },
};

/** The same for headers. */
export const HEADER_CHANGES: Record<
  HeaderChange,
  { words: string; tone: 'pass' | 'fail' | 'warn' | 'accent' | 'grey' }
> = {
  same: { words: 'the same', tone: 'grey' },
  changed: { words: '± changed', tone: 'warn' },
  spelling: { words: '= name spelled differently', tone: 'grey' },
  moved: { words: '↕ in another place', tone: 'accent' },
  only_a: { words: '− only the first', tone: 'fail' },
  only_b: { words: '+ only the second', tone: 'pass' },
};
