/**
 * The read-only CodeMirror in which texts are shown. Loaded when the first text is shown, never before.
 *
 * It lives in a shadow root: there CodeMirror puts its styles into an adopted style sheet, so that the content security
 * policy needs no `unsafe-inline` and no nonce. The tokens reach it, since custom properties are inherited.
 *
 * Deliberately absent: editing, folding of code, completion.
 */
import { json } from '@codemirror/lang-json';
import { syntaxHighlighting } from '@codemirror/language';
import { openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { colours, INVISIBLE, renderMark, theme } from './codeLook';
import { longLines } from './longLines';

/** A longer text is shown without colours: its parse would run for seconds beside the scrolling. */
const COLOUR_UP_TO = 8_000_000;

/** What is shown, and how. */
export interface CodeOptions {
  text: string;
  language: 'json' | 'text';
  /** For screen readers. */
  label: string;
}

/** A view that was mounted. */
export interface CodeView {
  show: (options: CodeOptions) => void;
  find: () => void;
  destroy: () => void;
}

/** Mounts a view into an element that has no content of its own. */
export function mountCode(host: HTMLElement, options: CodeOptions): CodeView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const parent = document.createElement('div');
  parent.style.height = '100%';
  root.replaceChildren(parent);
  const view = new EditorView({ state: stateOf(options), parent, root });
  return {
    show: (next) => view.setState(stateOf(next)),
    find: () => {
      openSearchPanel(view);
    },
    destroy: () => view.destroy(),
  };
}

function stateOf({ text, language, label }: CodeOptions): EditorState {
  const extensions: Extension[] = [
    // Only \n ends a line, so that a \r stays in the text and is seen.
    EditorState.lineSeparator.of('\n'),
    EditorState.readOnly.of(true),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    lineNumbers(),
    drawSelection(),
    highlightSpecialChars({ specialChars: INVISIBLE, render: renderMark }),
    search({ top: true }),
    keymap.of(searchKeymap),
    longLines(),
    syntaxHighlighting(colours),
    theme,
  ];
  if (language === 'json' && text.length <= COLOUR_UP_TO) extensions.push(json());
  return EditorState.create({ doc: text, extensions });
}
