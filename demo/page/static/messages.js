// The channel's messages, as Discord shows them.

import { element, one, reconcile, setText } from "./dom.js";
import { markdown, plain } from "./markdown.js";

const EPHEMERAL = 64;
const LINK = 5;
const STYLES = { 1: "blue", 2: "grey", 3: "green", 4: "red", 5: "grey" };
const EMOJIS = ["👍", "❌", "🔁", "1️⃣", "2️⃣", "3️⃣", "4️⃣", "💾", "⭐"];
const TOGETHER = 7 * 60 * 1000; // messages of one person within this time have one head
const NEAR = 120; // pixels from the end within which the page follows

export class Messages {
  constructor({ log, list, news, latest, act, reply }) {
    Object.assign(this, { log, list, news, latest, act, reply });
    this.names = {};
    this.records = new Map();
    this.person = () => "";
    // Whoever was at the end stays there when something arrives, and leaves it by scrolling up.
    this.follows = true;
    this.top = 0;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    latest.addEventListener("click", () => this.end());
    new ResizeObserver(() => this.#follow()).observe(list);
    new ResizeObserver(() => this.#follow()).observe(log);
  }

  // Shows exactly these; what is there already stays in its place.
  begin(records, names) {
    this.names = names;
    const before = this.records;
    this.records = new Map(records.map((record) => [record.id, record]));
    reconcile(this.list, records, (record) => record.id, () => this.#made(), (item, record) => {
      if (JSON.stringify(before.get(record.id)) !== JSON.stringify(record)) this.#fill(item, record);
    });
    this.#groupAll();
    this.#follow();
  }

  hear(event, record) {
    const item = this.#item(record.id);
    if (event === "MESSAGE_DELETE") {
      this.records.delete(record.id);
      const next = item?.nextElementSibling;
      this.#leave(item);
      item?.remove();
      if (next) this.#group(next);
      return;
    }
    this.records.set(record.id, record);
    if (item !== null) this.#fill(item, record);
    else if (event === "MESSAGE_CREATE") this.#add(record);
    this.#follow();
  }

  end() {
    this.follows = true;
    this.#follow();
  }

  #add(record) {
    const item = this.#made();
    item.dataset.key = record.id;
    this.#fill(item, record);
    this.list.append(item);
    this.#group(item);
    this.#tell(record);
  }

  // For those who do not see it: new messages only, not each step of an edited one.
  #tell(record) {
    const said = plain(record.content, this.names) || record.embeds[0]?.title || "";
    const pictures = record.attachments.length;
    const also = pictures ? ` (${pictures} ${pictures === 1 ? "file" : "files"})` : "";
    this.news.append(element("p", {}, `${nameOf(record.author)}: ${said}${also}`));
    while (this.news.childElementCount > 5) this.news.firstElementChild.remove();
  }

  #leave(item) {
    if (item?.contains(document.activeElement)) this.log.focus();
  }

  #item(id) {
    return one(`:scope > [data-key="${CSS.escape(id)}"]`, this.list);
  }

  #nearEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  #scrolled() {
    if (this.#nearEnd()) this.follows = true;
    else if (this.log.scrollTop < this.top) this.follows = false;
    this.top = this.log.scrollTop;
    this.latest.hidden = this.follows;
  }

  #follow() {
    if (this.follows) this.log.scrollTop = this.log.scrollHeight;
  }

  #groupAll() {
    for (const item of this.list.children) this.#group(item);
  }

  #group(item) {
    const before = this.records.get(item.previousElementSibling?.dataset.key);
    const record = this.records.get(item.dataset.key);
    const close = before && Date.parse(record.timestamp) - Date.parse(before.timestamp) < TOGETHER;
    const same = close && before.author.id === record.author.id && !record.referenced_message;
    item.classList.toggle("joined", Boolean(same));
  }

  #made() {
    const parts = ["quoted", "avatar", "head", "content", "files", "embeds", "buttons", "reactions"];
    return element("li", { className: "post" }, ...parts.map((name) => element("div", { className: name })), this.#tools());
  }

  #tools() {
    const reply = element("button", { type: "button", className: "tool reply" }, "Reply");
    const react = element("button", { type: "button", className: "tool react", aria: { expanded: "false" } }, "React");
    reply.addEventListener("click", () => this.reply(this.#recordOf(reply)));
    react.addEventListener("click", () => this.#choose(react));
    return element("div", { className: "tools" }, reply, react);
  }

  #recordOf(target) {
    return this.records.get(target.closest(".post").dataset.key);
  }

  #choose(button) {
    const open = one(".picker", button.parentElement);
    button.setAttribute("aria-expanded", String(open === null));
    if (open !== null) {
      open.remove();
      return;
    }
    const picker = element("div", { className: "picker", role: "group", aria: { label: "Reactions" } });
    const close = () => {
      picker.remove();
      button.setAttribute("aria-expanded", "false");
      button.focus();
    };
    for (const emoji of EMOJIS) {
      const choice = element("button", { type: "button", className: "emoji" }, emoji);
      choice.addEventListener("click", () => {
        this.#react(this.#recordOf(button), emoji);
        close();
      });
      picker.append(choice);
    }
    picker.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    button.parentElement.append(picker);
    picker.firstElementChild.focus();
  }

  #react(record, emoji) {
    const person = this.person();
    const people = record.reactions.find((each) => each.emoji === emoji)?.people ?? [];
    this.act({ type: "react", person, message: record.id, emoji, on: !people.includes(person) });
  }

  // ------------------------------------------------------------------------- the parts of a message

  #fill(item, record) {
    const part = (name) => one(`:scope > .${name}`, item);
    item.dataset.author = record.author.bot ? "0" : String(Number(record.author.id.slice(-3)) % 7);
    item.setAttribute("aria-label", `${nameOf(record.author)}, ${clock(record.timestamp)}`);
    part("quoted").replaceChildren(...this.#quoted(record));
    setText(part("avatar"), record.author.username.slice(0, 1).toUpperCase());
    part("avatar").setAttribute("aria-hidden", "true");
    part("head").replaceChildren(...head(record));
    part("content").replaceChildren(...this.#content(record));
    this.#files(part("files"), record);
    part("embeds").replaceChildren(...record.embeds.map((embed) => this.#embed(embed)));
    this.#buttons(part("buttons"), record);
    this.#reactions(part("reactions"), record);
  }

  #quoted(record) {
    if (!record.message_reference) return [];
    const replied = record.referenced_message;
    if (!replied) return [element("em", {}, "Original message was deleted")];
    const said = plain(replied.content.split("\n", 1)[0], this.names);
    const files = replied.attachments.length ? "a picture" : "a message";
    return [element("b", {}, nameOf(replied.author)), " ", element("span", { dir: "auto" }, said || files)];
  }

  #content(record) {
    const made = [markdown(record.content, this.names)];
    if (record.edited_timestamp && record.content) {
      const when = clock(record.edited_timestamp);
      made.push(element("span", { className: "edited", title: when }, " (edited)"));
    }
    if (record.flags & EPHEMERAL) {
      made.push(element("small", { className: "text" }, "Only the person who asked can see this."));
    }
    return made;
  }

  // A picture stays until the next one is there: so previews sharpen, and nothing jumps.
  #files(place, record) {
    place.dataset.count = String(Math.min(record.attachments.length, 5));
    reconcile(
      place,
      record.attachments.map((file, number) => ({ file, number })),
      ({ file, number }) => `${number} ${Boolean(file.width)}`,
      () => element("a", { target: "_blank", rel: "noopener noreferrer" }),
      (link, { file }) => showFile(link, file),
    );
  }

  #embed(embed) {
    const made = element("div", { className: "embed" });
    for (const [name, text] of [["title", embed.title], ["said", embed.description], ["foot", embed.footer?.text]]) {
      if (text) made.append(element("div", { className: name, dir: "auto" }, name === "foot" ? text : markdown(text, this.names)));
    }
    if (embed.color !== undefined) made.dataset.tone = embed.color >> 16 > 200 ? "warn" : "plain";
    return made;
  }

  #buttons(place, record) {
    const rows = record.components.map((row, number) => ({ row, number }));
    reconcile(place, rows, ({ number }) => number, () => element("div", { className: "row" }), (made, { row }) => {
      reconcile(made, row.components, keyOfButton, (button) => this.#button(button), changeButton);
    });
  }

  #button(button) {
    const label = button.label?.replace(/\u200b/g, "") || "";
    const text = [button.emoji?.name, label].filter(Boolean).join(" ") || "Open on the website";
    if (button.style === LINK) {
      return element("a", { className: "press", href: button.url, target: "_blank", rel: "noopener noreferrer" }, `${text} ↗`);
    }
    const made = element("button", { type: "button", className: "press" }, text);
    if (text === "🔄") made.setAttribute("aria-label", "Reroll");
    made.addEventListener("click", () => {
      const message = this.#recordOf(made).id;
      this.act({ type: "press", person: this.person(), message, custom_id: button.custom_id });
    });
    return made;
  }

  #reactions(place, record) {
    const make = ({ emoji }) => {
      const made = element("button", { type: "button", className: "reaction" });
      made.addEventListener("click", () => this.#react(this.#recordOf(made), emoji));
      return made;
    };
    const person = this.person();
    reconcile(place, record.reactions, ({ emoji }) => emoji, make, (made, { emoji, people }) => {
      setText(made, `${emoji} ${people.length}`);
      made.title = people.join(", ");
      made.setAttribute("aria-pressed", String(people.includes(person)));
      made.setAttribute("aria-label", `${emoji} ${people.length}: ${people.join(", ")}`);
    });
  }

  // Another person is chosen: which reactions are one's own follows from it.
  refreshReactions() {
    for (const item of this.list.children) {
      this.#reactions(one(":scope > .reactions", item), this.records.get(item.dataset.key));
    }
  }
}

export function nameOf(author) {
  return author.global_name ?? author.username;
}

function clock(moment) {
  return new Intl.DateTimeFormat("en", { timeStyle: "short" }).format(new Date(moment));
}

function head(record) {
  const app = record.author.bot ? element("span", { className: "app" }, "APP") : null;
  const when = element("time", { dateTime: record.timestamp }, clock(record.timestamp));
  return [element("b", {}, nameOf(record.author)), app, when].filter(Boolean);
}

function showFile(link, file) {
  if (link.dataset.url === file.url) return;
  link.dataset.url = file.url;
  link.href = file.url;
  if (!file.width) {
    link.className = "file";
    link.replaceChildren(`📎 ${file.filename}`);
    return;
  }
  link.className = "picture-file";
  const next = element("img", { alt: file.filename, width: file.width, height: file.height, decoding: "async" });
  next.src = file.url;
  if (link.childElementCount === 0) link.append(next);
  next.decode().then(
    () => {
      if (link.dataset.url === file.url) link.replaceChildren(next);
    },
    () => {}, // it is gone: the one before, or the name of the file, stays
  );
}

function keyOfButton(button) {
  return button.custom_id ?? button.url;
}

function changeButton(made, button) {
  made.dataset.style = STYLES[button.style] ?? "grey";
  made.disabled = Boolean(button.disabled);
}
