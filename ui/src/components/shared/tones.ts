/** The tones of a badge and of a notice. */
export type BadgeTone = 'pass' | 'fail' | 'warn' | 'grey' | 'dashed' | 'accent';
/** The sign before a badge's words. */
export type BadgeSign = 'pass' | 'fail' | 'warn';
/** How grave a notice is. */
export type NoticeTone = 'info' | 'pass' | 'warn' | 'fail';
