/** How CodeMirror looks here, where it shows and where it edits. Loaded with it, never before. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { markFor } from '../shared/visible';

/** The colours of JSON. */
export const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--segment-body)' },
  { tag: tags.string, color: 'var(--pass)' },
  { tag: tags.number, color: 'var(--segment-timestamp)' },
  { tag: [tags.bool, tags.null], color: 'var(--segment-id)' },
]);

/** The look of a text, from the tokens. */
export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--code-ground)', fontSize: 'var(--size-12)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-code)',
    fontVariantLigatures: 'none',
    fontFeatureSettings: '"calt" 0',
    lineHeight: '1.55',
  },
  '.cm-gutters': { color: 'var(--text-faint)', backgroundColor: 'var(--code-ground)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { paddingLeft: '12px', paddingRight: '10px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 35%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.mark': {
    padding: '0 1px',
    borderRadius: '3px',
    fontSize: '0.85em',
    color: 'var(--invisible-text)',
    backgroundColor: 'var(--invisible-ground)',
  },
  '.show-all': {
    padding: '0 6px',
    border: '1px solid var(--control-line)',
    borderRadius: 'var(--radius-badge)',
    font: 'inherit',
    color: 'var(--accent-text)',
    backgroundColor: 'var(--control-ground)',
  },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontFamily: 'var(--font-text)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 28px 6px 10px', fontSize: 'var(--size-12)' },
  '.cm-panel.cm-search label': { fontSize: 'inherit', color: 'var(--text-muted)' },
  '.cm-panel.cm-search input[type=checkbox]': { accentColor: 'var(--accent)', verticalAlign: '-2px' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text-muted)', fontSize: '16px', top: '4px', right: '8px' },
  '.cm-textfield': {
    padding: '3px 8px',
    fontSize: 'inherit',
    color: 'var(--text)',
    backgroundColor: 'var(--field-ground)',
    border: '1px solid var(--control-line)',
    borderRadius: 'var(--radius-control)',
  },
  '.cm-textfield:focus-visible, .cm-button:focus-visible, .show-all:focus-visible': { outline: 'var(--focus-ring)' },
  '.cm-button': {
    padding: '3px 9px',
    fontSize: 'inherit',
    color: 'var(--text)',
    backgroundColor: 'var(--control-ground)',
    backgroundImage: 'none',
    border: '1px solid var(--control-line)',
    borderRadius: 'var(--radius-control)',
    '&:active': { backgroundImage: 'none' },
  },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--warn) 32%, transparent)' },
  '.cm-searchMatch.cm-searchMatch-selected': { backgroundColor: 'color-mix(in srgb, var(--warn) 62%, transparent)' },
});

/** CodeMirror's own set lacks embeddings, joiners and tags. The same characters as in `visible.ts`, but the line end. */
export const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The mark in place of a character that would not be seen. */
export function renderMark(code: number, description: string | null): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'mark';
  mark.title = description ?? 'invisible character';
  // A carriage return stands at the end of every line of a CRLF body: it gets the short sign.
  mark.textContent = code === 0x0d ? 'CR' : markFor(String.fromCodePoint(code));
  return mark;
}
