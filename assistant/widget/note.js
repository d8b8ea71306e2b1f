/** Møtenotat and sjekkliste: the view in which they are looked at, printed and downloaded. */

import { fill, h, iconButton, longDate, today } from './dom.js';
import { checklistBody, noteBody, portable } from './paper.js';
import { print } from './styles-paper.js';
import { excerpt } from './sources.js';
import { post } from './transport.js';

const LONGEST_TITLE = 300;
const TOO_LONG = new Set([413, 422]);

/** The view that takes the conversation's place while a note is made. */
export class Notes {
  constructor(chat) {
    this.chat = chat;
    this.opener = null;
    this.element = h('div', { class: 'note', hidden: true });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Everything that was asked and answered. */
  note(opener) {
    const { chat } = this;
    const { turns } = chat;
    const date = longDate(today(), chat.t.locale);
    this.#open(opener, {
      kind: 'notat',
      heading: chat.t.note,
      title: fill(chat.t.noteTitle, { date }),
      turns,
      body: () => noteBody(chat, turns),
    });
  }

  /** One answer's points, with boxes; `turn` keeps which are ticked. */
  checklist(turn, opener) {
    const { question } = turn;
    this.#open(opener, {
      kind: 'sjekkliste',
      heading: this.chat.t.checklist,
      title: question.toLowerCase().startsWith(this.chat.t.checklist.toLowerCase())
        ? question
        : fill(this.chat.t.checklistTitle, { question }),
      turns: [turn],
      body: () => checklistBody(this.chat, turn),
    });
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.chat.showConversation(true);
    this.opener?.focus();
  }

  #open(opener, sheet) {
    this.opener = opener;
    this.sheet = sheet;
    this.chat.showConversation(false);
    this.element.replaceChildren(...this.#view());
    this.element.hidden = false;
    this.element.querySelector('.note-heading').focus();
  }

  #view() {
    const { t } = this.chat;
    this.title = h('input', { type: 'text', class: 'note-title', maxlength: String(LONGEST_TITLE) });
    this.title.value = excerpt(this.sheet.title, LONGEST_TITLE);
    this.message = h('p', { class: 'hint' });
    return [
      h('p', {}, iconButton('back', t.back, () => this.close(), { class: 'quiet' })),
      h('h2', { class: 'note-heading', tabindex: '-1' }, this.sheet.heading),
      h('label', { class: 'field' }, h('span', {}, t.titleLabel), this.title),
      h(
        'p',
        { class: 'buttons' },
        iconButton('out', t.openPrintable, () => this.#print(), { class: 'primary' }),
        iconButton('save', t.word, () => this.#download('docx'), { class: 'quiet' }),
        iconButton('save', t.markdown, () => this.#download('md'), { class: 'quiet' }),
      ),
      this.message,
      h('div', { class: 'paper' }, this.#meta(), ...this.sheet.body()),
    ];
  }

  #meta() {
    const { t, name } = this.chat;
    const date = longDate(today(), t.locale);
    return h('p', { class: 'hint' }, `${fill(t.made, { date, name })}. ${t.madeHelp}`);
  }

  #tell(text) {
    this.message.textContent = text;
    this.chat.announce(text);
  }

  /** A page of its own, so that a host page's print styles and menus stay out of it. */
  #print() {
    const page = window.open('', '_blank');
    if (!page) return this.#tell(this.chat.t.popupBlocked);
    const { document: sheet } = page;
    sheet.title = this.title.value;
    sheet.documentElement.lang = this.chat.language;
    sheet.head.append(h('meta', { name: 'viewport', content: 'width=device-width' }));
    const style = new page.CSSStyleSheet();
    style.replaceSync(print);
    sheet.adoptedStyleSheets = [style];
    const button = h('button', { type: 'button', onclick: () => page.print() }, this.chat.t.print);
    // Its script is this page's, and ends with it.
    addEventListener('pagehide', () => button.remove());
    sheet.body.append(
      h('main', { class: 'paper' }, button, h('h1', {}, this.title.value), this.#meta(), ...this.sheet.body()),
    );
    page.focus();
  }

  async #download(format) {
    const { chat } = this;
    const turns = this.sheet.turns.map((turn) => portable(chat, turn));
    const { kind } = this.sheet;
    try {
      const body = { title: this.title.value, turns, format, kind, made: today() };
      const response = await post(`${chat.api}api/notes`, body);
      if (TOO_LONG.has(response.status)) return this.#tell(chat.t.noteTooLong);
      if (!response.ok) throw new Error(String(response.status));
      const href = URL.createObjectURL(await response.blob());
      h('a', { href, download: `${kind}-${today()}.${format}` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      this.#tell(chat.t.downloaded);
    } catch {
      this.#tell(chat.t.notDownloaded);
    }
  }
}
