/**
 * The CodeMirror in which a body is edited. Loaded when the first one is opened, never before.
 *
 * Like the one that shows texts it lives in a shadow root, where its styles are an adopted style sheet, as the content
 * security policy wants it. Tab leaves it, as every other control; Ctrl/⌘↵ belongs to the window.
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, StateEffect, StateField, type Extension, type Range } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  WidgetType,
} from '@codemirror/view';
import { colours, INVISIBLE, renderMark, theme } from '../body/codeLook';
import { longLines } from '../body/longLines';
import { visibleString } from '../shared/visible';
import type { ChangedLine } from './changed';

/** What is said of places in the text. */
export interface Marks {
  changed: readonly ChangedLine[];
  /** Where it stops being JSON, in UTF-16 units. */
  error: number | null;
}

export interface TextEditor {
  /** Takes the place of the whole text, as one step that can be undone. */
  replace: (text: string) => void;
  language: (language: 'json' | 'text') => void;
  mark: (marks: Marks) => void;
  /** Puts the cursor at a place and shows it. */
  go: (offset: number) => void;
  destroy: () => void;
}

const marked = StateEffect.define<Marks>();

class Words extends WidgetType {
  constructor(readonly words: string) {
    super();
  }
  override eq(other: Words): boolean {
    return other.words === this.words;
  }
  override toDOM(): HTMLElement {
    const span = document.createElement('span');
    span.className = 'was';
    span.textContent = visibleString(this.words);
    return span;
  }
}

function decorations(state: EditorState, { changed, error }: Marks): DecorationSet {
  const { doc } = state;
  const ranges: Range<Decoration>[] = [];
  for (const { line: number, words } of changed) {
    if (number > doc.lines) continue;
    const line = doc.line(number);
    ranges.push(Decoration.line({ class: 'changed' }).range(line.from));
    ranges.push(Decoration.widget({ widget: new Words(words), side: 1 }).range(line.to));
  }
  if (error !== null && error <= doc.length) {
    const line = doc.lineAt(error);
    // At the end of a line there is nothing to underline but what stands before.
    const from = error < line.to ? error : Math.max(line.from, error - 1);
    const to = Math.min(from + 1, line.to);
    if (to > from) ranges.push(Decoration.mark({ class: 'wrong' }).range(from, to));
    ranges.push(Decoration.line({ class: 'wrong-line' }).range(line.from));
  }
  return Decoration.set(ranges, true);
}

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let result = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(marked)) result = decorations(transaction.state, effect.value);
    }
    return result;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.theme({
  '&': { height: 'auto', minHeight: '100%' },
  '.cm-scroller': { overflow: 'auto', lineHeight: '20px' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 13px 0 2px' },
  '.changed': { backgroundColor: 'var(--accent-tint)' },
  '.was': { marginLeft: '32px', color: 'var(--text-faint)', userSelect: 'none', pointerEvents: 'none' },
  '.wrong-line': { backgroundColor: 'var(--fail-tint)' },
  '.wrong': { textDecoration: 'underline wavy var(--fail)', textUnderlineOffset: '3px' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)',
  },
});

/** Mounts an editor into an element that has no content of its own. */
export function mountEditor(
  host: HTMLElement,
  text: string,
  label: string,
  onchange: (text: string) => void,
): TextEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const parent = document.createElement('div');
  root.replaceChildren(parent);
  const language = new Compartment();
  const extensions: Extension[] = [
    // Only \n ends a line, so that a \r stays in the text and is seen.
    EditorState.lineSeparator.of('\n'),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true', spellcheck: 'false' }),
    indentUnit.of('  '),
    lineNumbers(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightSpecialChars({ specialChars: INVISIBLE, render: renderMark }),
    search({ top: true }),
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
    longLines(),
    language.of([]),
    syntaxHighlighting(colours),
    marks,
    look,
    theme,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onchange(update.state.sliceDoc());
    }),
  ];
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent, root });
  return {
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    language: (next) => view.dispatch({ effects: language.reconfigure(next === 'json' ? json() : []) }),
    mark: (next) => view.dispatch({ effects: marked.of(next) }),
    go: (offset) => {
      const at = Math.min(offset, view.state.doc.length);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
