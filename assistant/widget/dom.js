/** Small tools for building the page from nodes: never from markup, so text stays text. */

import { bare } from './marks.js';

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  chat: 'M4 5h16v11H9.5L4 20.5V5Z',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M12 20V5m0 0-6 6m6-6 6 6',
  stop: 'M7 7h10v10H7z',
  out: 'M14 4h6v6m0-6-9 9M18 14v6H4V6h6',
  save: 'M12 4v11m0 0-5-5m5 5 5-5M5 20h14',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  restart: 'M4 4v6h6M4.6 10A8 8 0 1 1 4 13',
  note: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  list: 'M4 7l2 2 3-4M4 17l2 2 3-4M13 8h7M13 18h7',
  thumb: 'M7 11v9H4v-9h3Zm0 0 4-8c1.7 0 2.5 1 2.5 2.5V9h5a2 2 0 0 1 2 2.4l-1.3 6.9a2 2 0 0 1-2 1.7H7',
  back: 'M19 12H5m0 0 6-6m-6 6 6 6',
  info: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18Zm0-10v5m0-8.5v.1',
  notice: 'M12 3 2 20h20L12 3Zm0 7v5m0 2.5v.1',
};

const ADDRESS = /(https?:\/\/[^\s»]*[^\s.,;:!?)»])/;
const LONGEST_HEADING = 80;
const LONG_WORD = /\p{Lu}{4}/u;
const SMALL_WORD = /^(OG|I|PÅ|AV|TIL|FOR|MED|OM|FRA|VED|SOM|DEL|DEN|DET|EN|ET|ER|Å|MOT|HVA|HAR|SKAL|BØR|VI|DU|OSS|NÅR|VÅR|NY|NYE)$/;

/**
 * Make an element. `on…` properties become listeners, false and null are left out, true is empty.
 * Children are nodes or strings; strings become text nodes.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A decorative icon that follows the text's colour and size. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon before its words. */
export function iconButton(name, label, onclick, properties) {
  return h('button', { type: 'button', onclick, ...properties }, icon(name), h('span', {}, label));
}

/** The cross that closes what it stands in. */
export function closeButton(label, onclick) {
  return h('button', { type: 'button', class: 'icon-only', 'aria-label': label, title: label, onclick }, icon('close'));
}

/** Fill «{key}» in a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Choose and fill the singular or plural of a text. */
export function count(forms, n) {
  return fill(n === 1 ? forms.one : forms.other, { n });
}

/** A URL that may become a link: http or https. With `origin`, only links that stay there. */
export function webUrl(value, base, origin = null) {
  if (typeof value !== 'string' || value === '') return null;
  try {
    const url = new URL(value, base);
    const allowed = url.protocol === 'https:' || url.protocol === 'http:';
    return allowed && (origin === null || url.origin === origin) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens beside the conversation, which lives in memory only and must not be lost. */
export function outLink(href, text, t, properties = {}) {
  return h(
    'a',
    { href, target: '_blank', rel: 'noopener noreferrer', ...properties },
    text,
    icon('out'),
    h('span', { class: 'sr' }, ` ${t.newTab}`),
  );
}

/** A text as pieces in which each web address is what `link` makes of it. */
export function linked(text, link) {
  return text.split(ADDRESS).map((piece, i) => (i % 2 ? link(piece) : piece));
}

/** A date («2019-12-31») in words of the reader's language; what is no date is given back as it is. */
export function longDate(value, locale) {
  const [year, month, day] = String(value).split('-').map(Number);
  if (!year || !month || !day) return String(value);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(year, month - 1, day));
}

/** Today as «2026-11-22» in the reader's own time zone. */
export function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A heading in capitals as it would be written in a sentence: it shouts less, and is read aloud as words. */
function calm(text) {
  if (/\p{Ll}/u.test(text) || !LONG_WORD.test(text)) return text;
  // Short words are as often names (KS, AMU): those stay, the small words of any heading do not.
  const words = text.replace(/\p{Lu}+/gu, (word) => (word.length > 3 || SMALL_WORD.test(word) ? word.toLowerCase() : word));
  return words.replace(/(^|[:.!?]\s+)(\p{Ll})/gu, (_, before, letter) => before + letter.toUpperCase());
}

/** Whether what stands before a list is its heading («Generelt») and not its first words («Dette bør avklares:»). */
export function isHeading(text) {
  const words = bare(text);
  return words.length < LONGEST_HEADING && /[\p{L}\d)]$/u.test(words);
}

/** The place of a quote: heading path and page. */
export function place(source, t) {
  const path = (source.section ?? []).map(calm);
  if (source.page) path.push(fill(t.page, { n: source.page }));
  return path.join(' › ');
}
