/**
 * How the widget looks: its colours, frame, buttons and the field to write in. Every colour is a `--medraad-…`
 * property, else Designsystemet's `--ds-…`, else ours, light or dark. Sizes are in em from the reader's own text
 * size, so a host page's rem does not reach in.
 */

export const frame = `
:host {
  all: initial !important;
  display: block !important;
  direction: ltr !important;
  color-scheme: light dark !important;
  font-size: var(--medraad-font-size, medium) !important;
}
:host([theme="light"]) { color-scheme: light !important; }
:host([theme="dark"]) { color-scheme: dark !important; }
:host(:not([inline])) { display: contents !important; }
:host([hidden]), [hidden] { display: none !important; }

.root {
  --bg: var(--medraad-background, var(--ds-color-neutral-background-default, light-dark(#fff, #12181c)));
  --soft: var(--medraad-surface, var(--ds-color-neutral-background-tinted, light-dark(#f1f5f5, #1b2429)));
  --tint: var(--medraad-tint, var(--ds-color-accent-surface-tinted, var(--ds-color-accent-surface-default, light-dark(#dfecee, #1f3b44))));
  --tint-text: var(--medraad-tint-text, var(--ds-color-accent-text-default, light-dark(#0d3844, #d6eef3)));
  --text: var(--medraad-text, var(--ds-color-neutral-text-default, light-dark(#1b262c, #e9eff1)));
  --muted: var(--medraad-text-muted, var(--ds-color-neutral-text-subtle, light-dark(#4c5b63, #aebcc3)));
  --line: var(--medraad-border, var(--ds-color-neutral-border-subtle, light-dark(#d3dcdf, #36454d)));
  --edge: var(--medraad-border-strong, var(--ds-color-neutral-border-default, light-dark(#6a7b84, #85979f)));
  --accent: var(--medraad-accent, var(--ds-color-accent-base-default, light-dark(#135466, #86cbd9)));
  --accent-hover: var(--medraad-accent-hover, var(--ds-color-accent-base-hover, light-dark(#0d4252, #a3dae5)));
  --on-accent: var(--medraad-on-accent, var(--ds-color-accent-base-contrast-default, var(--ds-color-accent-contrast-default, light-dark(#fff, #06252d))));
  --link: var(--medraad-link, var(--ds-color-accent-text-subtle, light-dark(#0f5467, #8fd3e1)));
  --warn-bg: var(--medraad-warning, var(--ds-color-warning-background-tinted, var(--ds-color-warning-background-subtle, light-dark(#fdf3dc, #3a2e12))));
  --warn: var(--medraad-warning-text, var(--ds-color-warning-text-default, light-dark(#5b3d05, #f6dfa6)));
  --bad-bg: var(--medraad-danger, var(--ds-color-danger-background-tinted, var(--ds-color-danger-background-subtle, light-dark(#fdecea, #43211f))));
  --bad: var(--medraad-danger-text, var(--ds-color-danger-text-default, light-dark(#7c1d16, #ffd5d0)));
  --focus: var(--medraad-focus, var(--ds-color-focus-outer, light-dark(#0b2f3a, #fff)));
  --radius: var(--medraad-radius, var(--ds-border-radius-lg, .75em));
  --x: var(--medraad-inset-inline, 1.25em);
  --y: var(--medraad-inset-block, 1.25em);
  color: var(--text);
  font-family: var(--medraad-font, var(--ds-font-family, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif));
  font-size: 1em;
  line-height: 1.6;
  text-align: start;
  -webkit-text-size-adjust: 100%;
}

*, ::before, ::after { box-sizing: border-box; }
h2, h3, h4, p, ul, ol, fieldset, legend, blockquote { margin: 0; padding: 0; border: 0; }
h2, h3, h4 { font-size: 1em; line-height: 1.4; font-weight: 650; }
ul, ol { list-style: none; }
p, li, h2, h3, h4, blockquote, .title { overflow-wrap: anywhere; }
button, input, select, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; line-height: 1.4; }
a { color: var(--link); text-decoration-thickness: .0625em; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: .125em; }
:focus { outline: none; }
:focus-visible { outline: .1875em solid var(--focus); outline-offset: .125em; border-radius: .25em; }
h2:focus-visible, h3:focus-visible { outline-offset: .25em; }
.sr {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.icon {
  inline-size: 1.25em; block-size: 1.25em; flex: none; vertical-align: -.25em;
  fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}
a .icon { inline-size: .9em; block-size: .9em; vertical-align: -.1em; margin-inline-start: .3125em; }
.hint { color: var(--muted); font-size: .875em; }
.measure { max-inline-size: 44em; margin-inline: auto; }

/* The bubble and its panel */
.launcher {
  position: fixed; inset: auto var(--x) var(--y) auto; z-index: 2147483646;
  display: inline-flex; align-items: center; gap: .5em; max-inline-size: calc(100vw - .75em - var(--x));
  padding: .75em 1.25em; border: .125em solid transparent; border-radius: 2em;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 .25em 1em rgb(0 20 30 / .28);
}
.launcher:hover { background: var(--accent-hover); }
.launcher:focus-visible { border-radius: 2em; outline-offset: .1875em; }
.panel { background: var(--bg); color: inherit; }
.bubble {
  position: fixed; inset: auto var(--x) var(--y) auto; z-index: 2147483647; margin: 0; padding: 0;
  inline-size: min(27em, 100vw - .75em - var(--x)); block-size: min(46em, 100dvh - 1.25em - var(--y));
  max-inline-size: none; max-block-size: none; overflow: clip;
  border: .0625em solid var(--line); border-radius: var(--radius);
  box-shadow: 0 .75em 3em rgb(0 20 30 / .3);
}
.bubble[open] { display: flex; flex-direction: column; }
.bubble::backdrop { background: none; }
.inline {
  border: var(--medraad-frame, .0625em solid var(--line)); border-radius: var(--medraad-frame-radius, var(--radius));
  padding-block-end: .0625em; /* the field's background must not round up over the border */
}
.head {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25em .5em;
  padding: .625em .875em .625em 1.25em; border-block-end: .0625em solid var(--line);
}
.inline > .head, .inline > .note { padding-inline: max(1.25em, (100% - 44em) / 2); }
.inline > .head {
  position: sticky; inset-block-start: 0; z-index: 1; background: var(--bg);
  border-start-start-radius: inherit; border-start-end-radius: inherit;
}
.inline > .head.bare {
  position: absolute; inline-size: 1px; block-size: 1px; padding: 0; overflow: hidden; clip-path: inset(50%);
}
.head h2 { font-size: 1.125em; margin-inline-end: auto; }
.tools { display: flex; flex-wrap: wrap; gap: .25em; }

/* Buttons */
.tool, .action, .quiet, .icon-only, .primary, .send {
  display: inline-flex; align-items: center; justify-content: center; gap: .375em;
  min-block-size: 2.25em; padding: .3125em .75em; border: .0625em solid transparent; border-radius: .5em;
  background: transparent; text-decoration: none;
}
.tool, .action { font-size: .875em; color: var(--muted); padding-inline: .5em; }
.icon-only { padding: .3125em; min-inline-size: 2.25em; color: var(--muted); }
.tool:hover, .action:hover, .icon-only:hover { background: var(--soft); color: var(--text); }
.quiet { border-color: var(--edge); color: var(--text); font-size: .9375em; }
.quiet:hover { background: var(--soft); }
.primary { background: var(--accent); color: var(--on-accent); font-weight: 600; font-size: .9375em; }
.primary:hover { background: var(--accent-hover); }
.link {
  border: 0; padding: .125em .25em; min-block-size: 1.75em; background: none; color: var(--link);
  text-decoration: underline; text-underline-offset: .2em;
}
.buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-block-start: .75em; }

/* The field to write in */
.composer { padding: .75em 1.25em .875em; background: var(--bg); border-block-start: .0625em solid var(--line); }
.inline > .composer { position: sticky; inset-block-end: 0; border-end-start-radius: inherit; border-end-end-radius: inherit; }
.line { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1em; margin-block-end: .25em; }
.composer label { font-size: .875em; font-weight: 600; }
.composer .hint { font-size: .8125em; }
.entry + .hint { margin-block-start: .375em; }
.composer .bad { color: var(--bad); font-weight: 600; }
.entry { display: flex; align-items: end; gap: .5em; }
.entry textarea { flex: 1; min-inline-size: 0; max-block-size: 9em; resize: none; field-sizing: content; padding-block: .5625em; min-block-size: 2.75em; }
.send { flex: none; min-block-size: 2.75em; padding-inline: 1em; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.send:hover { background: var(--accent-hover); }
`;

/** What changes with the screen and the reader's settings; comes last in the sheet. */
export const queries = `
@media (max-width: 30em), (max-height: 30em) {
  .bubble { inset: 0; inline-size: 100%; block-size: 100dvh; border: 0; border-radius: 0; }
  .log, .composer, .note, .head, .inline > .head, .inline > .note { padding-inline: 1em; }
  .tool span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .tool { min-inline-size: 2.5em; font-size: 1em; }
}
/* Little height (a landscape phone, 400 % zoom): one page that scrolls, nothing pinned */
@media (max-height: 30em) {
  .bubble { overflow-y: auto; }
  .bubble > .log, .bubble > .note { overflow: visible; flex: none; }
  .inline > .composer { position: static; }
}
/* On paper: what was said, not what can be pressed; nothing over a host page's text */
@media print {
  .launcher, .bubble[open], .tools, .tailor, .actions, .further, .composer { display: none; }
  .inline > .head { position: static; }
  .question { max-block-size: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .dots { animation: turn 1s .4s linear infinite; }
  .bubble[open], .card { animation: rise .16s ease-out; }
}
@keyframes turn { to { transform: rotate(1turn); } }
@keyframes rise { from { opacity: 0; transform: translateY(.5em); } }
@media (forced-colors: active) {
  .launcher, .primary, .send, .chips button, .cite, .number, .question { border: .0625em solid ButtonText; }
  .action[aria-pressed="true"], .action[aria-expanded="true"], .cite[aria-expanded="true"] { border-color: Highlight; forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .dots { border-block-start-color: Highlight; }
}
`;
