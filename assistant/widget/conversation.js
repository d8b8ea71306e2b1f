/** The conversation: greeting, turns, the field to write in, and the live region that tells of answers. */

import { fill, h, iconButton } from './dom.js';
import { Intro } from './intro.js';
import { Notes } from './note.js';
import { SourceCard } from './source.js';
import { Turn } from './turn.js';

const HISTORY = 6;
const MAX_TURN = 8_000;
const MAX_QUESTION = 2_000;
const DOUBLE_CLICK_MS = 500;

export class Conversation {
  #asked = [];
  #number = 0;
  #running = null;
  #started = 0;
  #top = 0;

  /**
   * `settings`: api (URL ending in «/»), language, name, texts `t`, shadow `root`, `emit(event, detail)`,
   * and the embedding page's `preset`.
   */
  constructor(settings) {
    Object.assign(this, settings);
    this.origin = new URL(this.api).origin;
    this.source = new SourceCard(this);
    this.notes = new Notes(this);
    this.intro = new Intro(this, this.preset);
    this.turnList = h('div', { class: 'turns' });
    this.log = h(
      'div',
      { class: 'log', role: 'region', 'aria-label': this.t.conversation, tabindex: '0' },
      h('div', { class: 'measure' }, this.intro.element, this.turnList),
    );
    this.live = h('p', { class: 'sr', role: 'status' });
    this.tools = this.#tools();
    this.composer = this.#composer();
    this.tailored();
    this.#refresh();
  }

  /** The nodes to put into the panel, in reading order. */
  get elements() {
    return [this.log, this.notes.element, this.composer, this.live];
  }

  /** Answered turns, oldest first. */
  get turns() {
    return this.#asked.filter((turn) => turn.answer);
  }

  focus() {
    this.input.focus();
  }

  /** Say something once to those who listen. */
  announce(text) {
    this.live.textContent = '';
    requestAnimationFrame(() => {
      this.live.textContent = text;
    });
  }

  /** Ask a question. Does nothing for blank text or while another answer is on its way. */
  async ask(text, fromField = false) {
    const question = text.trim();
    if (!question || this.#running) return;
    if (fromField) {
      if (!this.#fits()) return this.announce(this.hint.textContent);
      this.input.value = '';
    }
    if (this.notes.isOpen) this.notes.close();
    this.#number += 1;
    const turn = new Turn(this, question, this.#number);
    this.#asked.push(turn);
    await this.#run(turn, () => {
      if (!this.#asked.includes(turn)) return;
      this.#asked.at(-2)?.settle();
      this.undoLine?.remove();
      this.turnList.append(turn.element);
      if (!fromField) turn.heading.focus({ preventScroll: true });
    });
  }

  /** Ask a failed question again. */
  async again(turn) {
    if (this.#running) return;
    turn.heading.focus({ preventScroll: true });
    await this.#run(turn);
  }

  /** Put a failed question back into the field, before what is written there. */
  edit(turn) {
    this.input.value = [turn.question, this.input.value].filter(Boolean).join('\n');
    this.focus();
  }

  stop() {
    this.#running?.abort();
  }

  /** Escape closes what lies on top. Returns whether something was closed. */
  dismiss() {
    const top = [this.source, this.notes].find((layer) => layer.isOpen);
    top?.close();
    return Boolean(top);
  }

  /** Show the conversation, or leave its place to a note. */
  showConversation(shown) {
    this.source.close();
    this.log.hidden = !shown;
    this.composer.hidden = !shown;
    this.tools.hidden = !shown;
    this.#bare();
  }

  /** Say above the field what the answers are tailored to. */
  tailored() {
    const what = this.intro.summary;
    this.tailoredLine.hidden = !what;
    this.tailoredLine.firstChild.textContent = fill(this.t.tailored, { what });
  }

  #body(turn) {
    const before = this.#asked.slice(0, this.#asked.indexOf(turn)).filter((entry) => entry.answer);
    const history = before.slice(-HISTORY).flatMap(({ question, answer }) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer.answer.slice(0, MAX_TURN) },
    ]);
    const { role, phase } = this.intro;
    return { question: turn.question, history, role: role || null, phase: phase || null, language: this.language };
  }

  async #run(turn, place = () => {}) {
    this.#running = new AbortController();
    this.#started = performance.now();
    const settled = turn.run(this.#body(turn), this.#running.signal, () => {
      place();
      this.#refresh();
      this.#follow(turn);
    });
    this.emit('question', { turn: turn.number });
    try {
      await settled;
    } finally {
      this.#running = null;
      this.#refresh();
    }
    if (!turn.answer) return;
    this.#follow(turn, true);
    if (turn !== this.#asked.at(-1)) turn.settle();
    const { id, answered, mode } = turn.answer;
    this.emit('answer', { turn: turn.number, id, answered, mode, milliseconds: Math.round(this.#elapsed) });
  }

  get #elapsed() {
    return performance.now() - this.#started;
  }

  /** The second click of a double click on «Send» meets «Stop» in its place; keys (no clicks) are meant. */
  #stopPressed(event) {
    if (event.detail === 0 || this.#elapsed > DOUBLE_CLICK_MS) this.stop();
  }

  /** Bring the question to the top, the answer below it; `again` only where the reader has not moved it since. */
  #follow(turn, again = false) {
    const top = () => turn.element.getBoundingClientRect().top;
    // With the frame that draws it: measuring the page here would do that work twice.
    requestAnimationFrame(() => {
      if (again && Math.abs(top() - this.#top) > 1) return;
      turn.element.scrollIntoView({ block: 'start', behavior: 'instant' });
      this.#top = top();
    });
  }

  #restart() {
    const asked = this.#asked;
    const nodes = [...this.turnList.childNodes];
    this.stop();
    this.#asked = [];
    this.source.close();
    const undo = () => {
      this.#asked = asked;
      this.turnList.replaceChildren(...nodes);
      this.#refresh();
      this.focus();
    };
    const button = h('button', { type: 'button', class: 'link', onclick: undo }, this.t.undo);
    this.undoLine = h('p', { class: 'notice' }, h('span', {}, `${this.t.restarted} `, button));
    this.turnList.replaceChildren(this.undoLine);
    this.announce(this.t.restarted);
    this.#refresh();
    this.log.scrollTop = 0;
    this.focus();
  }

  /** Buttons that fit what is going on, without losing the keyboard's place. */
  #refresh() {
    const busy = Boolean(this.#running);
    const focused = this.root.activeElement;
    this.stopButton.hidden = !busy;
    this.sendButton.hidden = busy;
    this.tools.querySelectorAll('button').forEach((button) => {
      button.hidden = !this.#asked.length || (button === this.noteButton && (busy || !this.turns.length));
    });
    this.#bare();
    if (busy && focused === this.sendButton) this.stopButton.focus();
    if (!busy && focused === this.stopButton) this.focus();
  }

  /** The page that the widget is a part of has a heading of its own: without tools, the head is not shown. */
  #bare() {
    this.tools.closest('.head')?.classList.toggle('bare', this.tools.hidden || !this.#asked.length);
  }

  #tools() {
    const { t } = this;
    const open = () => this.notes.note(this.noteButton);
    this.noteButton = iconButton('note', t.note, open, { class: 'tool', title: t.noteHelp });
    const restart = iconButton('restart', t.restart, () => this.#restart(), { class: 'tool' });
    return h('div', { class: 'tools' }, this.noteButton, restart);
  }

  #composer() {
    const { t } = this;
    this.input = h('textarea', {
      id: 'question',
      rows: '1',
      'aria-describedby': 'hint',
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#fits(),
    });
    this.sendButton = iconButton('send', t.send, null, { type: 'submit', class: 'send' });
    this.stopButton = iconButton('stop', t.stop, (event) => this.#stopPressed(event), { class: 'send' });
    this.tailoredLine = h(
      'p',
      { class: 'hint' },
      h('span', {}),
      ' ',
      h('button', { type: 'button', class: 'link', onclick: () => this.intro.focus() }, t.change),
    );
    this.hint = h('p', { class: 'hint', id: 'hint' }, t.hint);
    return h(
      'form',
      { class: 'composer', onsubmit: (event) => this.#submit(event) },
      h(
        'div',
        { class: 'measure' },
        h('div', { class: 'line' }, h('label', { for: 'question' }, t.ask), this.tailoredLine),
        h('div', { class: 'entry' }, this.input, this.sendButton, this.stopButton),
        this.hint,
      ),
    );
  }

  /** Whether what is written can be sent; below the field it says so where not. */
  #fits() {
    const { t } = this;
    const n = this.input.value.trim().length;
    const fits = n <= MAX_QUESTION;
    this.hint.textContent = fits ? t.hint : fill(t.tooLong, { n, most: MAX_QUESTION });
    this.hint.classList.toggle('bad', !fits);
    return fits;
  }

  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.ask(this.input.value, true);
  }

  #submit(event) {
    event.preventDefault();
    this.ask(this.input.value, true);
  }
}
