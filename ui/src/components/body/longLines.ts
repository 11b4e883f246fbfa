/**
 * Hides the middle of lines that are too long to lay out.
 *
 * Measured in headless Chromium on two cores, from the click to the drawn frame, with 1 MB on one line: 24 to 97 ms
 * collapsed, 725 to 985 ms in full; after that, scrolling in it takes 17 to 59 ms a jump.
 */
import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import { size } from '../../state/format';

/** Lines of more UTF-16 units than this are collapsed. */
export const HIDE_OVER = 10_000;
/** What stays to be seen at the start and at the end of such a line. */
const HEAD = 1_000;
const TAIL = 100;

const reveal = StateEffect.define<number>();

class ShowAll extends WidgetType {
  constructor(
    readonly from: number,
    readonly length: number,
  ) {
    super();
  }
  override eq(other: ShowAll): boolean {
    return other.from === this.from && other.length === this.length;
  }
  override toDOM(view: EditorView): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'show-all';
    button.textContent = `… show all (${size(this.length)})`;
    // Where it stands now: text before it may have been edited.
    button.addEventListener('click', () => view.dispatch({ effects: reveal.of(view.posAtDOM(button)) }));
    return button;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

function hidden(state: EditorState): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  let at = 0;
  for (const line of state.doc.iterLines()) {
    if (line.length > HIDE_OVER) {
      const from = at + HEAD;
      const to = at + line.length - TAIL;
      ranges.push(Decoration.replace({ widget: new ShowAll(from, to - from) }).range(from, to));
    }
    at += line.length + 1;
  }
  return Decoration.set(ranges);
}

const field = StateField.define<DecorationSet>({
  create: hidden,
  update(value, transaction) {
    let result = value;
    if (transaction.docChanged) {
      // What was put in at once may be long; a typed line grows without being hidden under its writer's hands.
      let most = 0;
      transaction.changes.iterChanges((_from, _to, from, to) => (most = Math.max(most, to - from)));
      result = most > HIDE_OVER ? hidden(transaction.state) : value.map(transaction.changes);
    }
    for (const effect of transaction.effects) {
      if (effect.is(reveal)) result = result.update({ filter: (from) => from !== effect.value });
    }
    // What a search has found is shown, wherever it is. Selecting everything shows nothing.
    const found = transaction.newSelection.main;
    if (transaction.selection && !found.empty) {
      result = result.update({ filter: (from, to) => found.from < from || found.to > to });
    }
    return result;
  },
  provide: (own) => [EditorView.decorations.from(own), EditorView.atomicRanges.of((view) => view.state.field(own))],
});

/** The extension. The text itself stays whole: searching and copying see all of it. */
export function longLines(): Extension {
  return field;
}
