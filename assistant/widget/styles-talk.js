/** How questions, answers and source cards look, in the colours of `styles.js`. */

export const talk = `
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

.turns > .notice { margin-block-start: 1.25em; }
.turn { margin-block-start: 1.75em; scroll-margin-block-start: 1em; }
.inline .turn { scroll-margin-block-start: 4.5em; }
.card, .feedback { scroll-margin-block: 4em 11em; }
.question {
  inline-size: fit-content; max-inline-size: min(100%, 34em); margin-inline-start: auto;
  max-block-size: 12em; overflow-y: auto;
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
.sources .line h4 { margin-inline-end: auto; }
.sources .title { font-size: .9375em; margin-block-start: .5em; }
.row {
  display: flex; align-items: start; gap: .625em; inline-size: calc(100% + 1em); min-block-size: 2.25em;
  padding: .3125em .5em; margin-inline: -.5em; border: .0625em solid transparent; border-radius: .5em;
  background: none; color: var(--muted); text-align: start; font-size: .9375em; line-height: 1.45;
}
.row:hover { background: var(--soft); color: var(--text); }
.row .what { flex: 1; min-inline-size: 0; padding-block-start: .0625em; }
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
.badge.faint { border-color: var(--line); color: var(--muted); font-weight: 400; }
.badge.warn { background: var(--warn-bg); color: var(--warn); border-color: currentColor; }
.badge.strong { background: var(--tint); color: var(--tint-text); border-color: currentColor; }
.notice, .problem {
  display: flex; gap: .625em; padding: .625em .875em; border: .0625em solid var(--line);
  border-inline-start: .25em solid var(--edge); border-radius: .5em; background: var(--soft); font-size: .9375em;
}
.notice a { color: inherit; }
.notice.warn { border-inline-start-color: currentColor; background: var(--warn-bg); color: var(--warn); }
.problem { border-inline-start-color: currentColor; background: var(--bad-bg); color: var(--bad); }
.notice > .icon, .problem > .icon { margin-block-start: .125em; }
.nearest > .hint { margin-block-end: .625em; }
.nearest li { padding: .75em 1em; border-radius: var(--radius); background: var(--soft); }
.nearest li + li { margin-block-start: .625em; }
.nearest .title { line-height: 1.4; }
.nearest .place { margin-block-start: .125em; line-height: 1.45; }
.nearest blockquote, .nearest blockquote + p { margin-block-start: .5em; }
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
`;
