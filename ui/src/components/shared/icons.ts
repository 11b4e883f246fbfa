/** Our own drawings on a grid of 16, stroked with the text's colour. Each is a list of SVG paths. */
export const icons = {
  check: ['M3 8.5 6.5 12 13 4.5'],
  cross: ['M4 4l8 8', 'M12 4l-8 8'],
  copy: ['M5.5 5.5h8v8h-8z', 'M10.5 5.5v-3h-8v8h3'],
  search: ['M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z', 'M10.4 10.4 14 14'],
  inbox: ['M8 1.5v7', 'M5 6l3 3 3-3', 'M2 9v4.5h12V9', 'M2 11h3l1 1h4l1-1h3'],
  key: ['M5.2 7.8a3 3 0 1 1 0 6a3 3 0 0 1 0-6z', 'M7.4 8.6 13.5 2.5', 'M10.5 5.5l2 2'],
  gear: [
    'M8 5.6a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 0 1 0-4.8z',
    'M8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4 5 5M11 11l1.6 1.6M12.6 3.4 11 5M5 11l-1.6 1.6',
  ],
  pin: ['M6 2h4l-.5 4.5L12 9H4l2.5-2.5z', 'M8 9v5'],
  trash: ['M3 4.5h10', 'M6.5 4.5V2.5h3v2', 'M4.5 4.5l.6 9h5.8l.6-9', 'M6.8 7v4M9.2 7v4'],
  'chevron-down': ['M4 6l4 4 4-4'],
  'chevron-right': ['M6 4l4 4-4 4'],
  'arrow-left': ['M13 8H3', 'M7 4 3 8l4 4'],
  'arrow-up': ['M8 13V3', 'M4 7l4-4 4 4'],
  plus: ['M8 3v10', 'M3 8h10'],
  pencil: ['M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z'],
  eye: ['M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z', 'M8 6a2 2 0 1 1 0 4a2 2 0 0 1 0-4z'],
  'eye-off': ['M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z', 'M3 13 13 3'],
  warning: ['M8 2 14.5 13.5h-13z', 'M8 6.5v3.2', 'M8 11.4v.4'],
  info: ['M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 0 1 0-12.4z', 'M8 7.3v3.8', 'M8 4.7v.5'],
  external: ['M6 3H3v10h10v-3', 'M9 2.5h4.5V7', 'M13 3 7.5 8.5'],
  send: ['M14 2 7 9', 'M14 2 9.5 14 7 9 2 6.5z'],
  undo: ['M3 6h6.5a3.5 3.5 0 0 1 0 7H6', 'M5.8 3 3 6l2.8 3'],
  bookmark: ['M4 2.5h8v11L8 10.5 4 13.5z'],
  clock: ['M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12z', 'M8 4.8V8l2.2 1.6'],
  dots: ['M3.5 8h.1', 'M8 8h.1', 'M12.5 8h.1'],
  file: ['M4 1.8h5l3 3v9.4H4z', 'M9 1.8v3h3'],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof icons;
