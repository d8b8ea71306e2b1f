/** What can be done with an answer: copy it, make a checklist of it, say whether it was of use. */

import { plainText } from './answer.js';
import { h, iconButton } from './dom.js';
import { checklistGroups } from './paper.js';
import { post } from './transport.js';

const MAX_COMMENT = 1000;

/** Copy; on pages without https the clipboard API is missing and a selection has to do. */
async function toClipboard(text, root) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by the browser or the embedding page: try the old way.
    }
  }
  const area = h('textarea', { class: 'sr', 'aria-hidden': 'true', tabindex: '-1' });
  const focused = root.activeElement;
  area.value = text;
  // Not in the root: outside a modal panel nothing can be selected.
  root.querySelector('.panel').append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return copied;
}

function action(name, label, onclick, properties) {
  return iconButton(name, label, onclick, { class: 'action', ...properties });
}

function reasonBoxes(t) {
  return Object.entries(t.reasons).map(([value, label]) =>
    h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'reason', value }), h('span', {}, label)),
  );
}

/** Thumb up is sent at once; thumb down asks why first. */
class Feedback {
  constructor(chat, answer) {
    this.chat = chat;
    this.answer = answer;
    const { t } = chat;
    this.up = action('thumb', t.useful, () => this.#send('opp'), { 'aria-pressed': 'false' });
    this.down = action('thumb', t.notUseful, () => this.#toggle(), { 'aria-expanded': 'false' });
    this.down.classList.add('down');
    this.form = h('form', { class: 'feedback', hidden: true, onsubmit: (event) => this.#submit(event) });
    this.message = h('p', { class: 'hint' });
  }

  /** What the form asks, made when it is first opened: most answers are not voted on. */
  #fields() {
    const { t } = this.chat;
    const comment = h('textarea', { rows: '2', maxlength: String(MAX_COMMENT), name: 'comment' });
    return [
      h('fieldset', {}, h('legend', {}, t.feedbackHeading), reasonBoxes(t)),
      h('label', { class: 'field' }, h('span', {}, t.comment), comment),
      h('p', { class: 'hint' }, t.commentHint),
      h(
        'p',
        { class: 'buttons' },
        h('button', { type: 'submit', class: 'primary' }, t.sendFeedback),
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#toggle() }, t.cancel),
      ),
    ];
  }

  #toggle() {
    this.form.hidden = !this.form.hidden;
    this.down.setAttribute('aria-expanded', String(!this.form.hidden));
    if (this.form.hidden) return this.down.focus();
    if (!this.form.firstChild) this.form.append(...this.#fields());
    this.form.querySelector('input').focus({ preventScroll: true });
    return this.form.scrollIntoView({ block: 'nearest' });
  }

  #submit(event) {
    event.preventDefault();
    const data = new FormData(this.form);
    this.#send('ned', data.getAll('reason'), data.get('comment').trim());
  }

  async #send(vote, reasons = [], comment = '') {
    const sent = await this.#post({ id: this.answer.id, vote, reasons, comment });
    this.message.textContent = sent ? this.chat.t.thanks : this.chat.t.notSent;
    this.chat.announce(this.message.textContent);
    if (sent) this.#sent(vote);
  }

  async #post(body) {
    try {
      return (await post(`${this.chat.api}api/feedback`, body)).ok;
    } catch {
      return false;
    }
  }

  #sent(vote) {
    this.up.setAttribute('aria-pressed', String(vote === 'opp'));
    if (!this.form.hidden) this.#toggle();
    this.chat.emit('feedback', { id: this.answer.id, vote });
  }
}

/** The row of actions under an answer, and the form that it can open. */
export function actionRow(chat, question, answer) {
  const { t } = chat;
  const feedback = new Feedback(chat, answer);
  const message = feedback.message;
  const copy = async () => {
    const done = await toClipboard(plainText(question, answer, chat.api, t), chat.root);
    message.textContent = done ? t.copied : t.notCopied;
    chat.announce(message.textContent);
  };
  const turn = { question, answer, ticked: new Set() };
  const checklist = checklistGroups(answer).length
    ? action('list', t.checklist, (event) => chat.notes.checklist(turn, event.currentTarget))
    : null;
  return h(
    'div',
    { class: 'after' },
    h(
      'div',
      { class: 'actions', role: 'group', 'aria-label': t.actions },
      action('copy', t.copy, copy, { title: t.copyHelp }),
      checklist,
      feedback.up,
      feedback.down,
    ),
    feedback.form,
    message,
  );
}
