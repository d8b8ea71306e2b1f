/** The sources below an answer, the nearest passages below a refusal, and the badge of what still holds. */

import { fill, h, longDate, outLink, place, webUrl } from './dom.js';

const EXCERPT = 280;
const SHORT_EXCERPT = 70;
const LOOKS = { utløpt: 'warn', ukjent: 'faint' };

/** «Gjeldende», «Utløpt 31. desember 2019» or «Gyldighet ikke oppgitt» as a badge. */
export function validityBadge(source, t) {
  const expired = source.status === 'utløpt' && source.valid_to;
  const text = expired
    ? fill(t.expiredOn, { date: longDate(source.valid_to, t.locale) })
    : t.validity[source.status];
  return text ? h('span', { class: `badge ${LOOKS[source.status] ?? ''}` }, text) : null;
}

/** A source under its document. The document stands above; those who only hear the row are told it too. */
function sourceRow(chat, source) {
  const where = place(source, chat.t) || excerpt(source.quote, SHORT_EXCERPT);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'row',
      'aria-expanded': 'false',
      onclick: () => chat.source.toggle(source, button),
    },
    h('span', { class: 'number', 'aria-hidden': 'true' }, String(source.number)),
    h(
      'span',
      { class: 'what' },
      h('span', { class: 'sr' }, `${fill(chat.t.source, { n: source.number })}: `, h('span', { lang: 'nb' }, `${source.title}, `)),
      h('span', { lang: 'nb' }, where),
    ),
  );
  return h('li', {}, button);
}

function sourceGroup(chat, sources) {
  const [first] = sources;
  return h(
    'li',
    {},
    h(
      'p',
      { class: 'title' },
      h('span', { lang: 'nb' }, first.title),
      ' ',
      first.status === 'utløpt' ? validityBadge(first, chat.t) : null,
    ),
    h('ul', {}, sources.map((source) => sourceRow(chat, source))),
  );
}

/** The sources by document, in the order in which the answer first uses them, and how the answer was made. */
export function sourceList(chat, answer) {
  const groups = new Map();
  for (const source of answer.citations ?? []) {
    const key = `${source.document} ${source.title}`;
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  if (!groups.size) return null;
  return h(
    'div',
    { class: 'sources' },
    h('div', { class: 'line' }, h('h4', {}, chat.t.sources), h('p', { class: 'hint' }, chat.t.ways[answer.mode] ?? '')),
    h('ul', {}, [...groups.values()].map((sources) => sourceGroup(chat, sources))),
  );
}

/** The beginning of a text of at most `most` characters, of whole words where it has any. */
export function excerpt(text, most) {
  if (text.length <= most) return text;
  const end = text.lastIndexOf(' ', most - 2);
  return `${text.slice(0, end > 0 ? end : most - 2)} …`;
}

/** A passage without the heading it stands under, which is said above it. */
function underHeading(hit) {
  const heading = hit.section?.at(-1);
  return heading && hit.text.startsWith(`${heading}\n`) ? hit.text.slice(heading.length).trimStart() : hit.text;
}

function nearestCard(chat, hit) {
  const href = webUrl(hit.url, chat.api, chat.origin);
  return h(
    'li',
    {},
    h('p', { class: 'title', lang: 'nb' }, hit.title),
    h('p', { class: 'place', lang: 'nb' }, place(hit, chat.t)),
    h('blockquote', { lang: 'nb' }, excerpt(underHeading(hit), EXCERPT)),
    href ? h('p', {}, outLink(href, chat.t.openSource, chat.t)) : null,
  );
}

/** The nearest passages of a refusal. */
export function nearestList(chat, answer) {
  if (answer.answered || !answer.nearest?.length) return null;
  return h(
    'div',
    { class: 'nearest' },
    h('h4', {}, chat.t.nearest),
    h('p', { class: 'hint' }, chat.t.nearestHelp),
    h('ul', {}, answer.nearest.map((hit) => nearestCard(chat, hit))),
  );
}
