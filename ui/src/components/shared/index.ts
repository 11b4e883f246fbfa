/**
 * The parts that every view is built from. They know nothing of deliveries or providers.
 *
 * Badge        tone pass|fail|warn|grey|dashed|accent, sign pass|fail|warn, words, title, onclick, scheme, outcome
 * Button       kind plain|primary|danger|quiet, icon, opens (a triangle); every button attribute; children
 * IconButton   icon, label (name and tooltip), size
 * Icon         name (see icons.ts), size
 * Card         title, head, actions (snippets), tone plain|fail|warn|pass, flush; children
 * Choice       value, options [{value, label}], onchange, label: the system's own select in our look
 * Tabs         tabs [{id, label, count?}], active, onselect, label, panel (id of the tabpanel), size normal|small
 * Kbd          keys
 * CopyButton   text (string or function asked at the click), label, words (absent: a sign alone)
 * Field        label, hint, error; children get {id, aria-describedby, aria-invalid} to spread; class `input` styles one
 * EmptyState   title, words; children
 * Notice       tone info|pass|warn|fail, actions, ondismiss, band; children
 * Dialog       open, onclose, title, words, size small|normal|wide|large|full, actions; children
 * dialogs      how many of them are open
 * Menu         items [{id, label, icon?, danger?, run}], trigger (snippet that spreads the props on a button)
 * Progress     value, max (absent: unknown), label
 * Segments     segments [{kind, text, source?, len?, cut?}], inline: signed content in its three colours
 * VisibleText  text, lines: a stranger's text with control characters and bidirectional marks made visible
 *
 * The content security policy has no `unsafe-inline`: no `style="…"` in markup (`style:width={…}` goes through the CSSOM
 * and is fine), no `<style>` element made at run time (CodeMirror makes none inside a shadow root, where it uses
 * adopted style sheets), no `data:` addresses; `blob:` for images alone.
 */
export { default as Badge } from './Badge.svelte';
export { default as Button } from './Button.svelte';
export { default as Card } from './Card.svelte';
export { default as Choice } from './Choice.svelte';
export { default as CopyButton } from './CopyButton.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as EmptyState } from './EmptyState.svelte';
export { default as Field } from './Field.svelte';
export { default as Icon } from './Icon.svelte';
export { default as IconButton } from './IconButton.svelte';
export { default as Kbd } from './Kbd.svelte';
export { default as Menu, type MenuItem } from './Menu.svelte';
export { default as Notice } from './Notice.svelte';
export { default as Progress } from './Progress.svelte';
export { default as Segments, type Segment } from './Segments.svelte';
export { default as Tabs, type Tab } from './Tabs.svelte';
export { default as VisibleText } from './VisibleText.svelte';
export type { IconName } from './icons';
export type { BadgeSign, BadgeTone, NoticeTone } from './tones';
export { dialogs } from './dialogs.svelte';
export { copyText, setClipboard } from './clipboard';
export { visibleParts, visibleString, type VisiblePart } from './visible';
