/** One question and what came of it: waiting, streaming, answered, or what went wrong and what to do. */

import { actionRow } from './actions.js';
import { announcement, answerLanguage, answerParts, answerText, notice, partialText } from './answer.js';
import { count, h, icon, iconButton } from './dom.js';
import { ApiError, ask } from './transport.js';

const NOTICED_MS = 100;
const SLOW_MS = 8_000;
const LONG_WAIT_S = 90;
const LONG_QUESTION = 200;

export class Turn {
  #text = '';
  #drawing = null;
  #show = null;

  constructor(chat, question, number) {
    this.chat = chat;
    this.question = question;
    this.number = number;
    this.answer = null;
    this.heading = h(
      'h3',
      // One that scrolls is in reach of the keyboard.
      { class: 'question', id: `question-${number}`, tabindex: question.length > LONG_QUESTION ? '0' : '-1' },
      h('span', { class: 'sr' }, chat.t.youAsked),
      question,
    );
    this.reply = h('div', { class: 'reply' });
    this.status = h(
      'p',
      { class: 'status' },
      h('span', { class: 'dots', 'aria-hidden': 'true' }),
      h('span', {}, chat.t.searching),
    );
    this.element = h('article', { class: 'turn', 'aria-labelledby': this.heading.id }, this.heading, this.reply);
  }

  /**
   * Ask, or ask again. Resolves when there is an answer or an explanation on the page. `show` is called once, when
   * there is something to be seen: the first words, or that they take longer than a reader notices. Until then
   * nothing is drawn, so that a quick answer does not flicker and does not wait for drawing.
   */
  async run(body, signal, show) {
    this.#text = '';
    this.#show = show;
    try {
      const handlers = { delta: ({ text }) => this.#grow(text) };
      const answer = ask(this.chat.api, body, handlers, signal);
      this.noticed = setTimeout(() => this.#waiting(), NOTICED_MS);
      this.slow = setTimeout(() => this.#say(this.chat.t.slow), SLOW_MS);
      await this.#done(await answer);
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error;
      this.#failed(signal.aborted ? null : error);
    } finally {
      this.#undrawn();
      clearTimeout(this.noticed);
      clearTimeout(this.slow);
      this.reply.removeAttribute('aria-busy');
    }
  }

  /** Take away what belongs to the newest turn only. */
  settle() {
    this.reply.querySelector('.further')?.remove();
  }

  #waiting() {
    this.#say(this.chat.t.searching);
    this.#appear();
    this.reply.setAttribute('aria-busy', 'true');
    this.reply.replaceChildren(this.status);
  }

  #say(text) {
    this.status.lastChild.textContent = text;
    this.chat.announce(text);
  }

  #appear() {
    clearTimeout(this.noticed);
    this.#show?.();
    this.#show = null;
  }

  /** The first words are shown at once; those that come together after them, together. */
  #grow(text) {
    clearTimeout(this.slow);
    const first = !this.#text;
    // Where the server left no room between two sentences, there is some.
    this.#text += /\S$/.test(this.#text) && /^\S/.test(text) ? ` ${text}` : text;
    if (first) this.#draw();
    else this.#drawing ??= setTimeout(() => this.#draw());
  }

  #draw() {
    this.#drawing = null;
    this.#appear();
    this.reply.setAttribute('aria-busy', 'true');
    this.reply.replaceChildren(this.#partial(), this.status);
  }

  #undrawn() {
    clearTimeout(this.#drawing);
    this.#drawing = null;
  }

  #partial() {
    return partialText(this.#text, answerLanguage({ mode: 'extractive' }, this.chat.language));
  }

  /** The words first; what stands around them is made while they are drawn. */
  async #done(answer) {
    const { chat } = this;
    this.#undrawn();
    this.#appear();
    this.answer = answer;
    this.reply.replaceChildren(answerText(chat, answer));
    await new Promise((ready) => setTimeout(ready));
    const { before, after } = answerParts(chat, answer);
    this.reply.append(...before, actionRow(chat, this.question, answer), ...after);
    chat.announce(announcement(answer, chat.t));
  }

  #failed(error) {
    const { t } = this.chat;
    this.#appear();
    const told = error ? this.#explain(error) : notice(t.stopped);
    const nodes = this.#text ? [this.#partial()] : [];
    nodes.push(
      told,
      h(
        'p',
        { class: 'buttons' },
        iconButton('restart', t.retry, () => this.chat.again(this), { class: 'quiet' }),
        iconButton('edit', t.edit, () => this.chat.edit(this), { class: 'quiet' }),
      ),
    );
    this.reply.replaceChildren(...nodes);
    if (this.element.isConnected) this.chat.announce(told.textContent);
  }

  /** The server speaks bokmål. To others that is said which only it knows: what is wrong with the question. */
  #explain(error) {
    const { t, language } = this.chat;
    const detail = language === 'nb' || error.kind === 'invalid' ? error.detail : null;
    const words = [h('span', { lang: detail ? 'nb' : null }, detail ?? t.errors[error.kind])];
    if (error.wait > LONG_WAIT_S) words.push(' ', count(t.waitMinutes, Math.ceil(error.wait / 60)));
    else if (error.wait) words.push(' ', count(t.wait, error.wait));
    return h('p', { class: 'problem' }, icon('notice'), h('span', {}, words));
  }
}
