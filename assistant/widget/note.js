/** Møtenotat and sjekkliste: the conversation on paper, cited, to print or to take along as a file. */

import { validityBadge } from './answer.js';
import { fill, h, icon, longDate, place, today, webUrl } from './dom.js';
import { paper } from './styles.js';
import { post } from './transport.js';

const MARKS = /\s*\[\d+\]/g;
const PLACED = /\[\d+\]/;
const FEWEST_QUOTES = 3;

/**
 * The points of an answer, by heading: its list items; where it has no list, what it quotes, sentence by
 * sentence (a phase's points often stand as prose). Each point carries its numbers. Too few are no checklist.
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
  const points = groups.reduce((sum, group) => sum + group.points.length, 0);
  return points >= (lists ? 2 : FEWEST_QUOTES) ? groups : [];
}

function blockPoints(answer, block) {
  if (block.kind === 'list') {
    return block.items.map((item) => (PLACED.test(item) ? item : item + marked(block.citations ?? [])));
  }
  const quoted = (answer.citations ?? []).filter(({ number }) => block.citations?.includes(number));
  return quoted.map(({ number, quote }) => `${quote} [${number}]`);
}

function marked(citations) {
  return citations.map((number) => ` [${number}]`).join('');
}

function bare(text) {
  return text.replace(MARKS, '').trim();
}

function sources(chat, citations) {
  const { t } = chat;
  if (!citations.length) return [];
  const entry = (source) => {
    const href = webUrl(source.url, chat.api);
    const name = [source.title, source.publisher, place(source, t)].filter(Boolean).join(', ');
    return h(
      'li',
      { value: String(source.number), lang: 'nb' },
      h('p', {}, href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, name) : name, ' ',
        source.status === 'utløpt' ? validityBadge(source, t) : ''),
      h('blockquote', {}, source.quote),
    );
  };
  return [h('h3', {}, t.sources), h('ol', { class: 'paper-sources' }, citations.map(entry))];
}

function answerParagraphs(answer) {
  const blocks = answer.blocks?.length ? answer.blocks : [{ kind: 'paragraph', text: answer.answer }];
  return blocks.flatMap((block) => {
    const placed = PLACED.test([block.text, ...(block.items ?? [])].join(' '));
    const marks = placed ? '' : marked(block.citations ?? []);
    if (block.kind === 'heading') return [h('h3', {}, bare(block.text))];
    if (block.kind !== 'list') return [h('p', {}, block.text + marks)];
    const items = h('ul', {}, block.items.map((item) => h('li', {}, item)));
    if (block.text) return [h('p', {}, block.text + marks), items];
    items.lastChild?.append(marks);
    return [items];
  });
}

function noteBody(chat, turns) {
  return turns.flatMap(({ question, answer }) => [
    h('h2', {}, question),
    h('div', { lang: 'nb' }, answerParagraphs(answer)),
    ...(answer.notices ?? []).map((text) => h('p', { class: 'paper-notice', lang: 'nb' }, text)),
    ...sources(chat, answer.citations ?? []),
  ]);
}

function checklistBody(chat, { answer }) {
  const box = (point) =>
    h('li', {}, h('label', {}, h('input', { type: 'checkbox' }), h('span', {}, point)));
  const groups = checklistGroups(answer).flatMap(({ heading, points }) => [
    heading ? h('h2', { lang: 'nb' }, bare(heading)) : '',
    h('ul', { class: 'paper-boxes', lang: 'nb' }, points.map(box)),
  ]);
  return [...groups, ...sources(chat, answer.citations ?? [])];
}

/** Citations with addresses that also work outside this page. */
function portable(chat, { question, answer }) {
  const citations = (answer.citations ?? []).map((source) => ({ ...source, url: webUrl(source.url, chat.api) ?? '' }));
  return { question, answer: { ...answer, citations } };
}

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
    const date = longDate(today(), chat.t.locale);
    this.#open(opener, {
      kind: 'notat',
      heading: chat.t.note,
      title: fill(chat.t.noteTitle, { date }),
      turns: [...chat.turns],
      body: () => noteBody(chat, chat.turns),
    });
  }

  /** One answer's points, with boxes. */
  checklist(question, answer, opener) {
    const turn = { question, answer };
    this.#open(opener, {
      kind: 'sjekkliste',
      heading: this.chat.t.checklist,
      title: fill(this.chat.t.checklistTitle, { question }),
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
    this.title = h('input', { type: 'text', class: 'note-title' });
    this.title.value = this.sheet.title;
    this.message = h('p', { class: 'hint' });
    const button = (glyph, label, onclick, kind) =>
      h('button', { type: 'button', class: kind, onclick }, icon(glyph), h('span', {}, label));
    return [
      h('p', {}, button('back', t.back, () => this.close(), 'quiet')),
      h('h2', { class: 'note-heading', tabindex: '-1' }, this.sheet.heading),
      h('label', { class: 'field' }, h('span', {}, t.titleLabel), this.title),
      h(
        'p',
        { class: 'buttons' },
        button('note', t.openPrintable, () => this.#print(), 'primary'),
        button('out', t.word, () => this.#download('docx'), 'quiet'),
        button('out', t.markdown, () => this.#download('md'), 'quiet'),
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
    const style = new page.CSSStyleSheet();
    style.replaceSync(paper);
    sheet.adoptedStyleSheets = [style];
    const print = h('button', { type: 'button', onclick: () => page.print() }, this.chat.t.print);
    sheet.body.append(
      h('main', { class: 'paper' }, print, h('h1', {}, this.title.value), this.#meta(), ...this.sheet.body()),
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
