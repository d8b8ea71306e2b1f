/** How notes and checklists look: in the widget, and on a page of their own to print. */

export const paper = `
/* Note and checklist */
.note { padding: 1.25em; }
.note > * + * { margin-block-start: .875em; }
.note-heading { font-size: 1.25em; }
.note .paper { padding: 1.25em; border: .0625em solid var(--line); border-radius: var(--radius); }
.paper > * + * { margin-block-start: .625em; }
.paper h2 { font-size: 1.125em; margin-block-start: 1.25em; }
.paper h3 { margin-block-start: .875em; }
.paper ul:not([class]) { list-style: disc; padding-inline-start: 1.25em; }
.paper-answer > * + * { margin-block-start: .625em; }
.paper-sources { font-size: .9375em; }
.paper-lead { font-weight: 600; }
.paper h3 .hint { font-weight: 400; margin-inline-start: .5em; }
.paper-sources li + li { margin-block-start: .5em; }
.paper-sources blockquote { margin-block-start: .25em; }
.paper-boxes label { display: flex; gap: .625em; padding-block: .3125em; cursor: pointer; }
.paper-boxes input { margin-block-start: .1875em; }
.paper-notice { color: var(--warn); font-weight: 550; }
`;

/** The printable page: dark text on white, whatever the screen's theme. */
export const print = `
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
.paper-notice, .paper-lead { font-weight: 600; }
h3 .hint { font-weight: 400; font-size: .875rem; margin-inline-start: .5rem; }
.paper-lead + ul { margin-block-start: .25rem; }
.paper-boxes { list-style: none; padding: 0; }
.paper-boxes label { display: flex; gap: .625rem; padding-block: .125rem; }
.paper-boxes li, .paper-sources li { margin-block: .375rem; }
.paper-sources { list-style: none; padding: 0; font-size: .9375rem; }
.paper-sources p { margin: 0; }
.paper-boxes input { inline-size: 1.25rem; block-size: 1.25rem; flex: none; }
button { float: inline-end; font: inherit; padding: .5rem 1rem; border: .0625rem solid #135466; border-radius: .5rem; background: #135466; color: #fff; cursor: pointer; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: .1875rem solid #0b2f3a; outline-offset: .125rem; }
@media print { button { display: none; } main { margin: 0; max-inline-size: none; } a { color: inherit; } }
`;
