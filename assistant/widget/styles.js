/**
 * How the widget looks. Every colour is a `--medraad-…` property, else Designsystemet's `--ds-…`, else ours,
 * light or dark. Sizes are in em from the reader's own text size, so a host page's rem does not reach in.
 */

export const widget = `
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
  display: inline-flex; align-items: center; gap: .5em; max-inline-size: calc(100vw - 2em);
  padding: .75em 1.25em; border: .125em solid transparent; border-radius: 2em;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 .25em 1em rgb(0 20 30 / .28);
}
.launcher:hover { background: var(--accent-hover); }
.launcher:focus-visible { border-radius: 2em; outline-offset: .1875em; }
.panel { background: var(--bg); color: inherit; }
.bubble {
  position: fixed; inset: auto var(--x) var(--y) auto; z-index: 2147483647; margin: 0; padding: 0;
  inline-size: min(27em, 100vw - 2em); block-size: min(46em, 100dvh - 2.5em);
  max-inline-size: none; max-block-size: none; overflow: clip;
  border: .0625em solid var(--line); border-radius: var(--radius);
  box-shadow: 0 .75em 3em rgb(0 20 30 / .3);
}
.bubble[open] { display: flex; flex-direction: column; }
.bubble::backdrop { background: none; }
.inline {
  border: var(--medraad-frame, .0625em solid var(--line)); border-radius: var(--medraad-frame-radius, var(--radius));
}
.head {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25em .5em;
  padding: .625em 1em; border-block-end: .0625em solid var(--line);
}
.inline > .head {
  position: sticky; inset-block-start: 0; z-index: 1; background: var(--bg);
  border-start-start-radius: inherit; border-start-end-radius: inherit;
}
.inline > .head:has(> .tools > [hidden]:first-child), .inline > .head:has(> .tools[hidden]) {
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

/* The conversation */
.log { padding: 1.25em 1.25em 1.5em; }
.log, .note, .reply { position: relative; }
.bubble > .log, .bubble > .note { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; }
.log:focus-visible, .note:focus-visible { outline-offset: -.1875em; }
.log :is(button, a, select, input, textarea) { scroll-margin-block: 4em 10em; }
.greeting { font-size: 1.0625em; }
.intro h3 { margin-block: 1.25em .5em; }
.tailor {
  display: flex; flex-wrap: wrap; gap: .5em 1em;
  margin-block-start: 1em; padding: .875em 1em; background: var(--soft); border-radius: var(--radius);
}
.tailor legend { float: inline-start; font-weight: 650; }
.tailor :is(legend, .hint) { flex-basis: 100%; inline-size: 100%; }
.tailor .field { flex: 1 1 8.5em; }
.field { display: block; }
.field > span { display: block; font-size: .875em; margin-block-end: .125em; }
select, textarea, input[type="text"] {
  inline-size: 100%; min-block-size: 2.5em; padding: .4375em .625em;
  border: .0625em solid var(--edge); border-radius: .5em; background: var(--bg);
}
select {
  appearance: none; cursor: pointer; text-overflow: ellipsis; padding-inline-end: 2em;
  background: linear-gradient(45deg, transparent 50%, currentColor 50%) right 1.0625em center / .375em .375em no-repeat,
    linear-gradient(-45deg, transparent 50%, currentColor 50%) right .6875em center / .375em .375em no-repeat, var(--bg);
}
option { background: var(--bg); color: var(--text); }
textarea { display: block; resize: vertical; }
.chips { display: flex; flex-wrap: wrap; gap: .5em; }
.chips li { max-inline-size: 100%; }
.chips button {
  padding: .4375em .875em; border: .0625em solid var(--edge); border-radius: 1.25em;
  background: var(--bg); color: var(--link); text-align: start;
}
.chips button:hover { background: var(--tint); color: var(--tint-text); }
.chips button:focus-visible { border-radius: 1.25em; }

.turn { margin-block-start: 1.75em; scroll-margin-block-start: 1em; }
.inline .turn { scroll-margin-block-start: 4.5em; }
.card { scroll-margin-block: 4em 11em; }
.question {
  inline-size: fit-content; max-inline-size: min(100%, 34em); margin-inline-start: auto;
  padding: .5625em .9375em; border-radius: var(--radius) var(--radius) .1875em var(--radius);
  background: var(--tint); color: var(--tint-text); font-weight: 500; white-space: pre-wrap;
}
.reply { margin-block-start: 1em; }
.text > * + * { margin-block-start: .75em; }
.text ul { padding-inline-start: 1.25em; list-style: disc; }
.text li + li { margin-block-start: .3125em; }
.text .lead + ul { margin-block-start: .3125em; }
.text h4 { font-size: 1.0625em; margin-block-start: 1.125em; }
.text h4 + * { margin-block-start: .25em; }
.keep { white-space: nowrap; }
.cite {
  display: inline-flex; align-items: center; justify-content: center; vertical-align: .0625em;
  min-inline-size: 1.875em; min-block-size: 1.875em; margin-block: -.25em; padding: 0 .3125em;
  border: .0625em solid var(--edge); border-radius: .4375em; background: var(--bg); color: var(--link);
  font-size: .8125em; font-weight: 650; line-height: 1; font-variant-numeric: tabular-nums;
}
.cite:hover, .row:hover .number { background: var(--tint); color: var(--tint-text); }
.cite[aria-expanded="true"], .row[aria-expanded="true"] .number { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.reply > :is(.sources, .nearest, .further, .notice, .problem, .after, .hint) { margin-block-start: 1em; }
.reply h4 { font-size: .9375em; }
.sources > h4, .nearest > h4, .further > h4 { margin-block-end: .375em; }
.sources { border-block-start: .0625em solid var(--line); padding-block-start: .75em; }
.row {
  display: flex; align-items: start; gap: .625em; inline-size: calc(100% + 1em); min-block-size: 2.5em;
  padding: .4375em .5em; margin-inline: -.5em; border: .0625em solid transparent; border-radius: .5em;
  background: none; text-align: start; font-size: .9375em; line-height: 1.45;
}
.row:hover { background: var(--soft); }
.row .what { flex: 1; min-inline-size: 0; }
.row .title, .row .place { display: block; }
.number {
  display: inline-flex; align-items: center; justify-content: center; flex: none;
  min-inline-size: 1.75em; block-size: 1.75em; border: .0625em solid var(--edge); border-radius: .4375em;
  color: var(--link); font-size: .8667em; font-weight: 650; font-variant-numeric: tabular-nums;
}
.place { color: var(--muted); font-size: .875em; }
.title { font-weight: 600; }
.badge {
  display: inline-block; padding: .0625em .5em; border: .0625em solid var(--edge); border-radius: 1em;
  font-size: .8125em; font-weight: 550; white-space: nowrap;
}
.badge.warn { background: var(--warn-bg); color: var(--warn); border-color: currentColor; }
.badge.strong { background: var(--tint); color: var(--tint-text); border-color: currentColor; }
.notice, .problem {
  display: flex; gap: .625em; padding: .625em .875em; border: .0625em solid var(--line);
  border-inline-start: .25em solid currentColor; border-radius: .5em;
  background: var(--warn-bg); color: var(--warn); font-size: .9375em;
}
.notice .icon, .problem .icon { margin-block-start: .125em; }
.problem { background: var(--bad-bg); color: var(--bad); }
.notice .link { color: inherit; }
.nearest > .hint { margin-block-end: .625em; }
.nearest li { padding: .75em 1em; border-radius: var(--radius); background: var(--soft); }
.nearest li + li { margin-block-start: .625em; }
.nearest li p + p, .nearest blockquote { margin-block-start: .25em; }
blockquote { padding-inline-start: .875em; border-inline-start: .1875em solid var(--accent); white-space: pre-line; }

.status { display: flex; align-items: center; gap: .625em; color: var(--muted); }
.text + .status { margin-block-start: .75em; }
.dots { inline-size: 1.125em; block-size: 1.125em; flex: none; border: .1875em solid var(--line); border-block-start-color: var(--accent); border-radius: 50%; }
.actions { display: flex; flex-wrap: wrap; gap: .125em; margin-inline: -.5em; }
.action[aria-pressed="true"], .action[aria-expanded="true"] { background: var(--tint); color: var(--tint-text); }
.down .icon { transform: rotate(180deg); }
.feedback { margin-block-start: .5em; padding: .875em 1em; border-radius: var(--radius); background: var(--soft); }
.feedback legend { font-weight: 650; margin-block-end: .25em; }
.feedback .field { margin-block-start: .625em; }
.check { display: flex; align-items: center; gap: .625em; min-block-size: 2em; cursor: pointer; }
input[type="checkbox"] { inline-size: 1.25em; block-size: 1.25em; flex: none; accent-color: var(--accent); cursor: pointer; }

/* The field to write in */
.composer { padding: .75em 1.25em .875em; background: var(--bg); border-block-start: .0625em solid var(--line); }
.inline > .composer { position: sticky; inset-block-end: 0; border-end-start-radius: inherit; border-end-end-radius: inherit; }
.line { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1em; margin-block-end: .25em; }
.composer label { font-size: .875em; font-weight: 600; }
.composer .hint { font-size: .8125em; }
.entry + .hint { margin-block-start: .375em; }
.entry { display: flex; align-items: end; gap: .5em; }
.entry textarea { flex: 1; min-inline-size: 0; max-block-size: 9em; resize: none; field-sizing: content; padding-block: .5625em; min-block-size: 2.75em; }
.send { flex: none; min-block-size: 2.75em; padding-inline: 1em; background: var(--accent); color: var(--on-accent); font-weight: 600; }
.send:hover { background: var(--accent-hover); }

/* The source card, in the text below its number */
.card {
  margin-block: .625em .75em; padding: .625em 1em 1em; border: .0625em solid var(--line);
  border-inline-start: .25em solid var(--accent); border-radius: .5em; background: var(--soft);
}
.card-head { display: flex; align-items: center; justify-content: space-between; margin-inline-end: -.5em; }
.card h4, .card h5 { margin: 0; font-size: .9375em; }
.card h5 { margin-block: .75em .125em; font-weight: 650; }
.card blockquote { padding: 0; border: 0; margin-block: .125em .75em; font-size: 1.0625em; }
.card blockquote::before { content: "«"; }
.card blockquote::after { content: "»"; }
.card p + p { margin-block-start: 0; }
.card .plain { padding: 0; list-style: none; font-size: .9375em; }
.card .plain li { margin: 0; padding-block: .125em; }
.card .badges { display: flex; flex-wrap: wrap; align-items: center; gap: .375em; margin-block-start: .5em; }
.card .links { display: flex; flex-wrap: wrap; align-items: center; gap: .5em 1.25em; margin-block-start: .875em; font-size: .9375em; }

/* Note and checklist */
.note { padding: 1.25em; }
.note > * + * { margin-block-start: .875em; }
.note-heading { font-size: 1.25em; }
.note .paper { padding: 1.25em; border: .0625em solid var(--line); border-radius: var(--radius); }
.paper > * + * { margin-block-start: .625em; }
.paper h2 { font-size: 1.125em; margin-block-start: 1.25em; }
.paper h3 { margin-block-start: .875em; }
.paper ul:not(.paper-boxes) { list-style: disc; padding-inline-start: 1.25em; }
.paper-sources { list-style: decimal; padding-inline-start: 1.75em; font-size: .9375em; }
.paper-sources li + li { margin-block-start: .5em; }
.paper-boxes label { display: flex; gap: .625em; padding-block: .3125em; cursor: pointer; }
.paper-boxes input { margin-block-start: .1875em; }
.paper-notice { color: var(--warn); font-weight: 550; }

@media (max-width: 30em), (max-height: 30em) {
  .bubble { inset: 0; inline-size: 100%; block-size: 100dvh; border: 0; border-radius: 0; }
  .log, .composer, .note { padding-inline: 1em; }
  .tool span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .tool { min-inline-size: 2.5em; font-size: 1em; }
}
/* Little height (a landscape phone, 400 % zoom): one page that scrolls, nothing pinned */
@media (max-height: 30em) {
  .bubble { overflow-y: auto; }
  .bubble > .log, .bubble > .note { overflow: visible; flex: none; }
  .inline > .composer { position: static; }
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

/** The printable page: dark text on white, whatever the screen's theme. */
export const paper = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #16191b; font: 1rem/1.55 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
main { max-inline-size: 44rem; margin: 2rem auto; padding-inline: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 1.75rem 0 .5rem; break-after: avoid; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; break-after: avoid; }
p, ul, ol { margin: .5rem 0; }
a { color: #0f4f62; }
li, blockquote { break-inside: avoid; }
blockquote { margin: .25rem 0; padding-inline-start: .75rem; border-inline-start: .1875rem solid #7a8990; white-space: pre-line; }
.hint { color: #4c5b63; }
.badge { border: .0625rem solid #5b3d05; border-radius: 1rem; padding: 0 .5rem; font-size: .8125rem; }
.paper-notice { font-weight: 600; }
.paper-boxes { list-style: none; padding: 0; }
.paper-boxes label { display: flex; gap: .625rem; padding-block: .25rem; }
.paper-boxes input { inline-size: 1.25rem; block-size: 1.25rem; flex: none; }
button { float: inline-end; font: inherit; padding: .5rem 1rem; border: .0625rem solid #135466; border-radius: .5rem; background: #135466; color: #fff; cursor: pointer; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: .1875rem solid #0b2f3a; outline-offset: .125rem; }
@media print { button { display: none; } main { margin: 0; max-inline-size: none; } a { color: inherit; } }
`;
