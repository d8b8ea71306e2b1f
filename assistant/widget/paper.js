/** What stands on paper: a conversation as a meeting note, an answer's points as a checklist, with sources. */

import { validityBadge } from './sources.js';
import { answerLanguage } from './answer.js';
import { h, isHeading, linked, place, webUrl } from './dom.js';
import { bare, blocksOf, numbersIn, placed, plain } from './marks.js';

const FEWEST_POINTS = 2;
const FEWEST_QUOTES = 3;

/**
 * The points of an answer, by heading: its list items; where it has no list, what it quotes (a phase's points
 * often stand as prose). Each point carries its numbers. Too few are no checklist, nor is prose that neither
 * goes through things by heading nor asks the reader about them («Har dere avklart …?»).
 */
export function checklistGroups(answer) {
  const blocks = answer.answered ? (answer.blocks ?? []) : [];
  const lists = blocks.some((block) => block.kind === 'list');
  const groups = [];
  let heading = null;
  for (const block of blocks) {
    if (block.kind === 'heading') heading = block.text;
    const points = block.kind === 'list' || !lists ? blockPoints(answer, block) : [];
    if (!points.length) continue;
    groups.push({ heading: (lists && block.text) || heading, points });
    heading = null;
  }
  const points = groups.flatMap((group) => group.points);
  if (lists) return points.length >= FEWEST_POINTS ? groups : [];
  const asks = points.filter((point) => point.includes('?')).length * 2 >= points.length;
  return points.length >= FEWEST_QUOTES && (asks || groups.some((group) => group.heading)) ? groups : [];
}

function blockPoints(answer, block) {
  if (block.kind === 'list') {
    const { items, rest } = placed(block, answer.citations ?? []);
    const common = rest || (block.citations ?? []).map((number) => ` [${number}]`).join('');
    return items.map((item) => (numbersIn(item).size ? item : item + common));
  }
  const quoted = (answer.citations ?? []).filter(({ number }) => block.citations?.includes(number));
  return quoted.map(({ number, quote }) => `${quote} [${number}]`);
}

function paperLink(href, text = href) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text);
}

/** The sources; a quote that stands word for word in `above`, the text that they are for, is not written twice. */
function sources(chat, citations, above) {
  const { t } = chat;
  if (!citations.length) return [];
  const said = plain(above);
  const quoted = new Set(citations.filter(({ quote }) => said.includes(plain(quote))));
  const whole = quoted.size === citations.length;
  const entry = (source) => {
    const href = webUrl(source.url, chat.api);
    const name = [source.title, source.publisher, place(source, t)].filter(Boolean).join(', ');
    const named = h('span', { lang: 'nb' }, href ? paperLink(href, name) : name);
    return h(
      'li',
      {},
      h('p', {}, `[${source.number}] `, named, ' ', source.status === 'utløpt' ? validityBadge(source, t) : ''),
      quoted.has(source) ? '' : h('blockquote', { lang: 'nb' }, `«${source.quote}»`),
    );
  };
  const heading = h('h3', {}, t.sources, whole ? [' ', h('span', { class: 'hint' }, t.quotedAbove)] : '');
  return [heading, h('ul', { class: 'paper-sources' }, citations.map(entry))];
}

function answerParagraphs(answer) {
  return blocksOf(answer).flatMap((block) => {
    const { text, items, rest } = placed(block, answer.citations ?? []);
    if (block.kind === 'heading') return [h('h3', {}, bare(text))];
    if (block.kind !== 'list') return [h('p', {}, linked(text + rest, paperLink))];
    const list = h('ul', {}, items.map((item) => h('li', {}, item)));
    if (text) return [h('p', { class: isHeading(text) ? 'paper-lead' : null }, text + rest), list];
    list.lastChild?.append(rest);
    return [list];
  });
}

/** Everything that was asked and answered, as nodes. */
export function noteBody(chat, turns) {
  return turns.flatMap(({ question, answer }) => {
    const said = blocksOf(answer).flatMap(({ text, items }) => [text, ...(items ?? [])]).join('\n');
    return [
      h('h2', {}, question),
      h('div', { lang: answerLanguage(answer, chat.language), class: 'paper-answer' }, answerParagraphs(answer)),
      ...(answer.notices ?? []).map((text) => h('p', { class: 'paper-notice' }, linked(text, paperLink))),
      ...sources(chat, answer.citations ?? [], said),
    ];
  });
}

/** One answer's points with boxes and the sources of those points, as nodes. `ticked` is kept up to date. */
export function checklistBody(chat, { answer, ticked }) {
  const box = (point) => {
    const tick = () => ticked[input.checked ? 'add' : 'delete'](point);
    const input = h('input', { type: 'checkbox', checked: ticked.has(point), onchange: tick });
    return h('li', {}, h('label', {}, input, h('span', {}, point)));
  };
  const groups = checklistGroups(answer);
  const said = groups.flatMap(({ heading, points }) => [heading ?? '', ...points]).join('\n');
  const used = numbersIn(said);
  const nodes = groups.flatMap(({ heading, points }) => [
    heading ? h('h2', { lang: 'nb' }, bare(heading)) : '',
    h('ul', { class: 'paper-boxes', lang: 'nb' }, points.map(box)),
  ]);
  return [...nodes, ...sources(chat, (answer.citations ?? []).filter(({ number }) => used.has(number)), said)];
}

/** Citations with addresses that also work outside this page. */
export function portable(chat, { question, answer }) {
  const citations = (answer.citations ?? []).map((source) => ({ ...source, url: webUrl(source.url, chat.api) ?? '' }));
  return { question, answer: { ...answer, citations } };
}
