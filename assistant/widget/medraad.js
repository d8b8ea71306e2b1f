/**
 * <medraad-chat>: Medråd on any page.
 *
 * Served with all that it imports as /widget.js (bundle.py): no build step, nothing else to load. It is built from
 * text nodes in a shadow root and styled with constructed sheets, so a strict content security policy and
 * Trusted Types are no hindrance.
 */

import { Conversation } from './conversation.js';
import { closeButton, fill, h, iconButton, webUrl } from './dom.js';
import { paper } from './styles-paper.js';
import { talk } from './styles-talk.js';
import { frame, queries } from './styles.js';
import { en } from './texts-en.js';
import { nb } from './texts-nb.js';
import { nn } from './texts-nn.js';

const TEXTS = { nb, nn, en };
const HOME = new URL('./', import.meta.url).href;
const SMALL = '(max-width: 30em), (max-height: 30em)';
const PASSED_ON = new Set(['Escape', 'Tab']);

let sharedSheet = null;

function sheet() {
  if (!sharedSheet) {
    sharedSheet = new CSSStyleSheet();
    sharedSheet.replaceSync(frame + talk + paper + queries);
  }
  return sharedSheet;
}

/** What is typed in a field is not for the host page's keys of one letter: to it, it comes from no field. */
function typed(event) {
  const chord = event.ctrlKey || event.metaKey || event.altKey || PASSED_ON.has(event.key);
  if (!chord && event.target.matches('input, select, textarea')) event.stopPropagation();
}

class MedraadChat extends HTMLElement {
  static observedAttributes = ['open'];

  #chat = null;
  #panel = null;
  #launcher = null;
  #built = Promise.withResolvers();

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet()];
  }

  connectedCallback() {
    if (!this.#chat) this.#build();
    this.#built.resolve();
    // A dialog that was out of the page is modal no longer: it is opened anew.
    this.#panel.removeAttribute('open');
    if (this.hasAttribute('open')) this.show();
  }

  disconnectedCallback() {
    this.#chat?.stop();
  }

  attributeChangedCallback() {
    if (!this.#chat) return;
    if (this.hasAttribute('open')) this.show();
    else if (this.#panel.open) this.hide();
  }

  /** Open the bubble. */
  show() {
    this.toggleAttribute('open', true);
    if (!this.#launcher || this.#panel.open || !this.isConnected) return;
    this.#launcher.hidden = true;
    this.#lay();
    this.#focusIn();
    this.#emit('open');
  }

  /** Close the bubble; the conversation is kept. */
  hide() {
    const within = this.shadowRoot.activeElement !== null;
    if (this.#panel?.open) this.#panel.close();
    this.#closed(within);
  }

  /** Ask a question as if it had been written; once the element is in the page. */
  async ask(question) {
    this.show();
    await this.#built.promise;
    return this.#chat.ask(String(question));
  }

  /** `role` belongs to ARIA, where «verneombud» is an error: it is understood and moved to `user-role`. */
  #takeRole() {
    const role = this.getAttribute('role');
    if (!Object.hasOwn(nb.roles, role ?? '')) return;
    this.setAttribute('user-role', role);
    this.removeAttribute('role');
  }

  #language() {
    const asked = this.getAttribute('language')?.toLowerCase().slice(0, 2);
    // `:lang` looks through shadow roots, where `closest` stops.
    const spoken = (code) => (asked ? code === asked : this.matches(`:lang(${code})`));
    return Object.keys(TEXTS).find(spoken) ?? 'nb';
  }

  #preset() {
    const questions = this.getAttribute('start-questions') ?? '';
    return {
      greeting: this.getAttribute('greeting'),
      role: this.getAttribute('user-role'),
      phase: this.getAttribute('phase'),
      questions: questions.split('|').map((text) => text.trim()).filter(Boolean),
    };
  }

  #api() {
    const given = webUrl(this.getAttribute('api'), document.baseURI) ?? HOME;
    return given.endsWith('/') ? given : `${given}/`;
  }

  #emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`medraad-${name}`, { bubbles: true, composed: true, detail }));
  }

  #build() {
    this.#takeRole();
    const language = this.#language();
    const t = TEXTS[language];
    const name = this.getAttribute('name') || t.name;
    this.#chat = new Conversation({
      api: this.#api(),
      language,
      name,
      t,
      root: this.shadowRoot,
      preset: this.#preset(),
      emit: (event, detail) => this.#emit(event, detail),
    });
    const inline = this.hasAttribute('inline');
    this.#panel = this.#makePanel(inline, name, t);
    this.#launcher = inline ? null : this.#makeLauncher(name, t);
    matchMedia(SMALL).addEventListener('change', () => this.#relay());
    const parts = [this.#launcher, this.#panel].filter(Boolean);
    this.shadowRoot.append(h('section', { class: 'root', lang: language, 'aria-label': name }, parts));
  }

  #makeLauncher(name, t) {
    const properties = { class: 'launcher', 'aria-haspopup': 'dialog' };
    return iconButton('chat', fill(t.launch, { name }), () => this.show(), properties);
  }

  #makePanel(inline, name, t) {
    const close = inline ? null : closeButton(t.close, () => this.hide());
    const head = h('div', { class: 'head bare' }, h('h2', { id: 'name' }, name), this.#chat.tools, close);
    return h(
      inline ? 'div' : 'dialog',
      {
        class: `panel ${inline ? 'inline' : 'bubble'}`,
        'aria-labelledby': inline ? null : 'name',
        onkeydown: (event) => {
          typed(event);
          this.#escape(event);
        },
        onkeypress: typed,
        onkeyup: typed,
        oncancel: (event) => this.#cancel(event),
        onclose: () => this.#closed(),
      },
      head,
      ...this.#chat.elements,
    );
  }

  /** On a small screen the panel covers the page, which must then be out of reach of the keyboard too. */
  #lay() {
    if (matchMedia(SMALL).matches) this.#panel.showModal();
    else this.#panel.show();
  }

  /** The screen was turned, or the window's size changed: the keyboard keeps its place. */
  #relay() {
    if (!this.#panel.open || !this.isConnected) return;
    const focused = this.shadowRoot.activeElement;
    this.#panel.close();
    this.#lay();
    focused?.focus();
  }

  /** The keyboard on a phone would hide the greeting: there, focus goes to the top of the panel. */
  #focusIn() {
    if (matchMedia('(hover: hover)').matches) this.#chat.focus();
    else this.#panel.querySelector('.log').focus({ preventScroll: true });
  }

  #escape(event) {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    const dismissed = this.#chat.dismiss();
    if (!dismissed && !this.#launcher) return;
    event.preventDefault(); // what is left open is the host page's
    if (!dismissed) this.hide();
  }

  /** Escape reached a modal panel as «cancel»: what lies on top of it goes first. */
  #cancel(event) {
    if (event.target === this.#panel && this.#chat.dismiss()) event.preventDefault();
  }

  /** Once for each closing: the browser's «close» comes later, when the bubble may be open again. Focus that was
   * `within` goes to the launcher. */
  #closed(within = true) {
    if (this.#panel?.open) return;
    this.toggleAttribute('open', false);
    if (!this.#launcher?.hidden) return;
    this.#launcher.hidden = false;
    if (within) this.#launcher.focus();
    this.#emit('close');
  }
}

if (!customElements.get('medraad-chat')) customElements.define('medraad-chat', MedraadChat);
