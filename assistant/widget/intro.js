/** The greeting, who asks and in which phase, and questions to start with. */

import { h } from './dom.js';

const KEY = 'medraad-';

/** A choice for this browser tab; nothing where the page may not store at all. */
function remembered(key) {
  try {
    return sessionStorage.getItem(KEY + key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    sessionStorage.setItem(KEY + key, value);
  } catch {
    // Storage is off: the choice lives as long as the page.
  }
}

function known(names, value) {
  return Object.hasOwn(names, value ?? '') ? value : '';
}

export class Intro {
  /** `preset` holds what the embedding page gives: greeting, role, phase, questions. */
  constructor(chat, preset) {
    const { t } = chat;
    this.chat = chat;
    this.preset = preset;
    this.role = known(t.roles, remembered('role') ?? preset.role);
    this.phase = known(t.phases, remembered('phase') ?? preset.phase);
    this.questions = h('ul', { class: 'chips' });
    this.roleSelect = this.#select('role', t.roles);
    this.phaseSelect = this.#select('phase', t.phases);
    this.element = this.#build();
    this.#suggest();
  }

  /** «Verneombud, Forme sammen», or an empty text. */
  get summary() {
    const { t } = this.chat;
    return [t.roles[this.role], t.phases[this.phase]].filter(Boolean).join(', ');
  }

  focus() {
    this.roleSelect.focus();
  }

  #build() {
    const { t } = this.chat;
    return h(
      'div',
      { class: 'intro' },
      h('p', { class: 'greeting' }, this.preset.greeting || t.greeting),
      h(
        'fieldset',
        { class: 'tailor' },
        h('legend', {}, t.tailor),
        h('label', { class: 'field' }, h('span', {}, t.roleLabel), this.roleSelect),
        h('label', { class: 'field' }, h('span', {}, t.phaseLabel), this.phaseSelect),
        h('p', { class: 'hint' }, t.optional),
      ),
      h('h3', {}, t.startHeading),
      this.questions,
    );
  }

  #select(key, names) {
    const option = ([value, text]) => h('option', { value }, text);
    const options = [['', this.chat.t.notChosen], ...Object.entries(names)].map(option);
    const select = h('select', { onchange: () => this.#choose(key, select.value) }, options);
    select.value = this[key];
    return select;
  }

  #choose(key, value) {
    this[key] = value;
    remember(key, value);
    this.#suggest();
    this.chat.tailored();
  }

  #suggest() {
    const { t } = this.chat;
    const fitting = [t.startPhase[this.phase], ...(t.start[this.role] ?? t.start.any)].filter(Boolean);
    const questions = this.preset.questions.length ? this.preset.questions : fitting;
    const button = (text) => h('button', { type: 'button', onclick: () => this.chat.ask(text) }, text);
    this.questions.replaceChildren(...questions.map((text) => h('li', {}, button(text))));
  }
}
