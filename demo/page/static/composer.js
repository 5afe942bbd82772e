// The box to type in: who writes, replies, completion, and what was typed before.

import { element, one } from "./dom.js";
import { plain } from "./markdown.js";
import { nameOf } from "./messages.js";

const MOST_CHOICES = 8;

export class Composer {
  constructor({ form, send, changedPerson }) {
    this.form = form;
    this.send = send;
    this.box = one("#box", form);
    this.person = one("#person", form);
    this.list = one("#choices", form);
    this.replying = one("#replying", form);
    this.problem = one("#problem", form);
    this.replyTo = null;
    this.names = {};
    this.commands = [];
    this.prefix = "!";
    this.history = [];
    this.place = 0; // in the history; its length is what is being typed
    this.draft = "";
    this.active = -1; // the completion that is chosen
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.person.addEventListener("change", changedPerson);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("blur", () => this.#choices([]));
    one("button", this.replying).addEventListener("click", () => {
      this.reply(null);
      this.box.focus();
    });
  }

  begin({ people, names, commands, prefix }) {
    Object.assign(this, { names, commands, prefix });
    const chosen = this.person.value;
    this.people = people;
    this.person.replaceChildren(...people.map((name) => element("option", { value: name }, name)));
    if (people.includes(chosen)) this.person.value = chosen;
  }

  reply(record) {
    this.replyTo = record?.id ?? null;
    this.replying.hidden = record === null;
    if (record === null) return;
    const said = plain(record.content.split("\n", 1)[0], this.names).slice(0, 80);
    one("span", this.replying).textContent = `Replying to ${nameOf(record.author)}: ${said}`;
    this.box.focus();
  }

  fail(text) {
    this.problem.textContent = text;
    this.problem.hidden = text === "";
  }

  #submit() {
    const content = this.#withMentions(this.box.value);
    if (content.trim() === "") return;
    const sent = this.send({ type: "say", person: this.person.value, content, reply_to: this.replyTo });
    if (!sent) {
      this.fail("The demo does not answer; what you typed is kept.");
      return;
    }
    this.fail("");
    if (this.history.at(-1) !== this.box.value) this.history.push(this.box.value);
    this.place = this.history.length;
    this.reply(null);
    this.#put("");
  }

  // "@ben" is what people type, and his id what Discord sends.
  #withMentions(text) {
    return text.replace(/(?<!\S)@(\w+)/g, (whole, name) => {
      const id = Object.keys(this.names).find((each) => this.names[each].toLowerCase() === name.toLowerCase());
      return id === undefined ? whole : `<@${id}>`;
    });
  }

  #put(text) {
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.#choices([]);
    this.#fit();
  }

  #fit() {
    this.box.rows = Math.min(6, Math.max(1, this.box.value.split("\n").length));
  }

  #typed() {
    this.fail("");
    this.place = this.history.length;
    this.#fit();
    this.#choices(this.#completions());
  }

  #key(event) {
    if (event.isComposing) return;
    const keys = {
      Enter: () => !event.shiftKey && this.#enter(),
      Tab: () => !event.shiftKey && this.#complete(),
      ArrowUp: () => this.#move(-1),
      ArrowDown: () => this.#move(1),
      Escape: () => this.#escape(),
    };
    if (keys[event.key]?.()) event.preventDefault();
  }

  #enter() {
    if (this.active >= 0) this.#complete();
    else this.form.requestSubmit();
    return true;
  }

  #escape() {
    if (!this.list.hidden) this.#choices([]);
    else if (this.replyTo !== null) this.reply(null);
    else return false;
    return true;
  }

  #move(step) {
    if (!this.list.hidden) {
      const number = this.list.childElementCount;
      this.#choose((this.active + step + number + (this.active < 0 && step < 0 ? 1 : 0)) % number);
      return true;
    }
    if (this.box.value.includes("\n")) return false;
    if (this.place === this.history.length) this.draft = this.box.value;
    const place = this.place + step;
    if (place < 0 || place > this.history.length) return false;
    this.place = place;
    this.#put(this.history[place] ?? this.draft);
    return true;
  }

  // ------------------------------------------------------------------------------------ completion

  #completions() {
    const text = this.box.value;
    if (text.startsWith(this.prefix) && !/\s/.test(text)) {
      const typed = text.slice(this.prefix.length).toLowerCase();
      const fitting = this.commands.filter(({ name }) => name.startsWith(typed));
      return fitting.slice(0, MOST_CHOICES).map(({ name, usage, does }) => ({
        text: `${this.prefix}${name}${usage ? " " : ""}`,
        shown: `${this.prefix}${name}`,
        usage,
        does,
      }));
    }
    const at = /(?<!\S)@(\w*)$/.exec(text);
    if (at === null) return [];
    const before = text.slice(0, at.index);
    return Object.values(this.names)
      .filter((name) => name.toLowerCase().startsWith(at[1].toLowerCase()) && !name.includes(" "))
      .map((name) => ({ text: `${before}@${name} `, shown: `@${name}`, usage: "", does: "" }));
  }

  #choices(found) {
    this.active = -1;
    this.found = found;
    this.list.hidden = found.length === 0;
    this.box.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...found.map((choice, number) => this.#option(choice, number)));
  }

  #option({ shown, usage, does }, number) {
    const made = element(
      "li",
      { id: `choice-${number}`, role: "option", aria: { selected: "false" } },
      element("b", {}, shown),
      element("span", { className: "usage" }, usage),
      element("span", { className: "does" }, does),
    );
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays in the box
      this.#choose(number);
      this.#complete();
    });
    return made;
  }

  #choose(number) {
    this.active = number;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    this.box.setAttribute("aria-activedescendant", `choice-${number}`);
    this.list.children[number]?.scrollIntoView({ block: "nearest" });
  }

  #complete() {
    if (this.list.hidden) return false;
    this.#put(this.found[Math.max(0, this.active)].text);
    return true;
  }
}
