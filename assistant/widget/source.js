/** The source card: the verbatim quote behind a number, where it stands, and whether it still holds. */

import { closeButton, fill, h, outLink, place, webUrl } from './dom.js';
import { validityBadge } from './sources.js';

function hostOf(href) {
  return new URL(href).host.replace(/^www\./, '');
}

function links(chat, source) {
  const { t } = chat;
  const own = webUrl(source.url, chat.api, chat.origin);
  const original = webUrl(source.external_url, chat.api);
  return h(
    'p',
    { class: 'links' },
    own ? outLink(own, t.openSource, t, { class: 'primary' }) : null,
    original ? outLink(original, fill(t.openOriginal, { host: hostOf(original) }), t) : null,
  );
}

function references(chat, source) {
  if (!source.references?.length) return null;
  const entry = ({ text, url }) => {
    const href = webUrl(url, chat.api);
    return h('li', { lang: 'nb' }, href ? outLink(href, text, chat.t) : text);
  };
  return [h('h5', {}, chat.t.refersTo), h('ul', { class: 'plain' }, source.references.map(entry))];
}

function badges(source, t) {
  const duty = t.duty[source.duty];
  return h(
    'p',
    { class: 'badges' },
    duty ? h('span', { class: `badge ${source.duty === 'plikt' ? 'strong' : ''}` }, duty) : null,
    duty ? h('span', { class: 'hint' }, t.dutyHelp[source.duty]) : null,
    validityBadge(source, t),
  );
}

/** One card a widget. It opens in the text, right below the number, so that answer and quote stand together. */
export class SourceCard {
  constructor(chat) {
    this.chat = chat;
    this.opener = null;
    this.element = h('div', { class: 'card', id: 'source', role: 'group', 'aria-labelledby': 'source-title' });
  }

  get isOpen() {
    return this.opener !== null;
  }

  /** Open below `opener`, the button that was pressed; pressed again it closes. */
  toggle(source, opener) {
    const again = this.opener === opener;
    this.close();
    if (again) return;
    this.opener = opener;
    opener.setAttribute('aria-expanded', 'true');
    this.element.lang = this.chat.language;
    this.element.replaceChildren(...this.#content(source));
    const holder = opener.closest('li, p, h4');
    if (holder.tagName === 'LI') holder.append(this.element);
    else holder.after(this.element);
    this.element.querySelector('h4').focus({ preventScroll: true });
    this.element.scrollIntoView({ block: 'nearest' });
  }

  close() {
    if (!this.opener) return;
    const { opener } = this;
    this.opener = null;
    opener.setAttribute('aria-expanded', 'false');
    const inside = this.element.contains(this.chat.root.activeElement);
    this.element.remove();
    if (inside) opener.focus();
  }

  #content(source) {
    const { t } = this.chat;
    const where = place(source, t);
    const close = closeButton(t.closeSource, () => this.close());
    return [
      h('div', { class: 'card-head' }, h('h4', { id: 'source-title', tabindex: '-1' }, fill(t.source, { n: source.number })), close),
      h('blockquote', { lang: 'nb' }, source.quote),
      h('p', { class: 'title', lang: 'nb' }, source.title),
      source.publisher ? h('p', { class: 'place', lang: 'nb' }, source.publisher) : '',
      where ? h('p', { class: 'place', lang: 'nb' }, where) : '',
      badges(source, t),
      ...(references(this.chat, source) ?? []),
      links(this.chat, source),
    ];
  }
}
