/** An answer as nodes: blocks with numbered citations, sources, notices, nearest matches, suggestions. */

import { count, fill, h, icon, isHeading, linked, outLink, place, webUrl } from './dom.js';
import { MARK, answerLines, blocksOf, placed } from './marks.js';
import { nearestList, sourceList } from './sources.js';

const STOPS = /^[.,;:!?)»]*/;
const LAST_WORD = /\S{0,24}$/;

/** Text in which «[1]» is read aloud as «kilde 1». */
export function spoken(text, t) {
  return text.replace(MARK, (_, n) => ` (${fill(t.cite, { n })})`);
}

/** The language that an answer's text is written in: quotes are Norwegian, what we say is as the page speaks. */
export function answerLanguage(answer, asked) {
  return answer.mode === 'generated' || answer.answered === false ? asked : 'nb';
}

function citation(chat, sources, number) {
  const source = sources.find((entry) => entry.number === number);
  if (!source) return null;
  const button = h(
    'button',
    {
      type: 'button',
      class: 'cite',
      'aria-label': fill(chat.t.cite, { n: number }),
      'aria-expanded': 'false',
      lang: chat.language,
      onclick: () => chat.source.toggle(source, button),
    },
    String(number),
  );
  return button;
}

/** Our own words, in which addresses are links. */
function own(text, t) {
  return linked(text, (address) => outLink(address, address, t));
}

/** Text nodes with a button where a known citation stands; an unknown number is left out. */
function inline(chat, text, sources) {
  if (!sources.length) return own(text, chat.t);
  const nodes = [];
  let kept = null;
  let from = 0;
  const take = (piece) => {
    const stop = kept ? piece.match(STOPS)[0].length : 0;
    kept?.append(piece.slice(0, stop));
    return piece.slice(stop);
  };
  for (const match of text.matchAll(MARK)) {
    const before = take(text.slice(from, match.index));
    if (before || !kept) {
      const word = before.match(LAST_WORD)[0];
      // A number never stands alone at the start of a line: it keeps the word that it belongs to.
      kept = h('span', { class: 'keep' }, word);
      nodes.push(before.slice(0, before.length - word.length), kept);
    }
    const button = citation(chat, sources, Number(match[1]));
    if (button) kept.append('\u00a0', button);
    from = match.index + match[0].length;
  }
  nodes.push(take(text.slice(from)));
  return nodes;
}

function blockNodes(chat, block, sources) {
  const { text: words, items, rest } = placed(block, sources);
  const lead = () => inline(chat, words + rest, sources);
  if (block.kind === 'heading') return [h('h4', {}, lead())];
  if (block.kind !== 'list') return [h('p', {}, lead())];
  const last = items.length - 1;
  const item = (text, i) => h('li', {}, inline(chat, !words && i === last ? text + rest : text, sources));
  const list = h('ul', {}, items.map(item));
  return block.text ? [h('p', { class: isHeading(block.text) ? 'lead title' : 'lead' }, lead()), list] : [list];
}

/** The answer's own words. */
export function answerText(chat, answer) {
  return h(
    'div',
    { class: 'text', lang: answerLanguage(answer, chat.language) },
    blocksOf(answer).flatMap((block) => blockNodes(chat, block, answer.citations ?? [])),
  );
}

/** What has been streamed so far. The numbers become buttons when the answer is whole. */
export function partialText(text, language) {
  const lines = text.split(/\n+/).filter((line) => line.trim());
  return h('div', { class: 'text', lang: language }, lines.map((line) => h('p', {}, line)));
}

/** A warning where a source that is used has expired; other notices only inform. */
function notices(answer, t) {
  const expired = (answer.citations ?? []).filter((source) => source.status === 'utløpt');
  return (answer.notices ?? []).map((text) => {
    const warns = expired.some((source) => text.includes(source.title));
    return notice(own(text, t), warns);
  });
}

/** A line that stands out: with a sign where it warns, else calmer. `words` are text and nodes. */
export function notice(words, warns = false) {
  return h('p', { class: `notice ${warns ? 'warn' : ''}` }, icon(warns ? 'notice' : 'info'), h('span', {}, words));
}

/** Questions that lead on; the conversation takes them away when the next question is asked. */
function suggestions(chat, answer) {
  if (!answer.suggestions?.length) return null;
  return h(
    'div',
    { class: 'further' },
    h('h4', {}, chat.t.furtherHeading),
    h(
      'ul',
      { class: 'chips' },
      answer.suggestions.map((text) =>
        h('li', {}, h('button', { type: 'button', lang: 'nb', onclick: () => chat.ask(text) }, text)),
      ),
    ),
  );
}

/** The parts of a finished answer that follow its text, before and after the row of actions. */
export function answerParts(chat, answer) {
  return {
    before: [
      ...notices(answer, chat.t),
      sourceList(chat, answer),
      nearestList(chat, answer),
    ].filter(Boolean),
    after: [suggestions(chat, answer)].filter(Boolean),
  };
}

/** What the live region says, once, when the answer is whole. */
export function announcement(answer, t) {
  const parts = [fill(t.answerReady, { text: spoken(answerLines(answer).join(' '), t) }), ...(answer.notices ?? [])];
  if (answer.citations?.length) parts.push(`${count(t.sourcesCount, answer.citations.length)}.`);
  return parts.join(' ');
}

/** Question, answer and sources as plain text for the clipboard. */
export function plainText(question, answer, api, t) {
  const lines = [question, '', ...answerLines(answer), ...(answer.notices ?? [])];
  if (answer.citations?.length) lines.push('', `${t.sources}:`);
  for (const source of answer.citations ?? []) {
    const where = [source.title, source.publisher, place(source, t)].filter(Boolean).join(', ');
    const link = webUrl(source.url, api);
    lines.push(`[${source.number}] ${where}: «${source.quote}»${link ? ` ${link}` : ''}`);
  }
  return lines.join('\n');
}
