// What is beside the channel: work, queue, process, pace, troubles, and the database.

import { element, one, reconcile, setText } from "./dom.js";

const PACES = [[1, "as in reality"], [5, "5 times"], [20, "20 times"], [60, "60 times"]];
const WORDS = {
  queued: "waiting",
  submitting: "asking Midjourney",
  submitted: "Midjourney paints",
  grid_completed: "the grid is stored",
  variations_in_progress: "fetching the upscales",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled",
  needs_attention: "needs a person",
};

export class Side {
  constructor({ root, act }) {
    this.part = (name) => one(`#${name}`, root);
    this.act = act;
    this.part("pace").append(...PACES.map(([speed, words]) => this.#pace(speed, words)));
  }

  // What stays as it is: what can be done to the bot, and the troubles that there are.
  begin({ controls, troubles }) {
    reconcile(this.part("controls"), controls, ({ name }) => name, (control) => this.#control(control));
    reconcile(this.part("troubles"), troubles, ({ name }) => name, (trouble) => this.#trouble(trouble));
  }

  show(state) {
    if (state.bot === undefined) return; // nothing is known yet
    this.#work(state.work);
    this.#queue(state.queue);
    this.#bot(state.bot);
    this.#troubles(state.troubles);
    this.#rows(state.rows);
    this.#events(state.events);
    for (const button of this.part("pace").children) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === state.pace));
    }
  }

  // ------------------------------------------------------------------------------- the generation

  #work(work) {
    if (work === null) return;
    const place = this.part("work");
    if (place.dataset.code !== work.code) {
      place.dataset.code = work.code;
      place.replaceChildren(...workParts());
    }
    setText(this.part("work-title"), work.active ? "At work" : "Made last");
    setText(one(".prompt", place), work.prompt);
    setText(one(".by", place), `${work.code} · ${work.person}`);
    const stage = one(".stage", place);
    stage.className = `stage ${work.status}`;
    setText(stage, `${WORDS[work.status]}${work.problem ? `: ${work.problem}` : ""}`);
    one("progress", place).value = work.progress;
    setText(one(".percent", place), `${Math.round(work.progress)} %`);
    reconcile(one(".steps", place), work.steps, (step) => step.slot, makeStep, changeStep);
  }

  #queue(queue) {
    this.part("queue-empty").hidden = queue.length > 0;
    const make = ({ code, prompt, person }) =>
      element("li", {}, element("code", {}, code), " ", element("bdi", {}, prompt), element("small", {}, ` · ${person}`));
    reconcile(this.part("queue"), queue, ({ code }) => code, make);
  }

  // -------------------------------------------------------------------------------- what can be done

  #bot({ running, ready, starts }) {
    const now = ready ? "Running" : running ? "Starting" : "Not running";
    setText(this.part("bot-state"), `${now}${starts > 1 ? `, started ${starts} times` : ""}`);
    this.part("bot-state").dataset.running = String(ready);
  }

  #control({ name, title, outcome }) {
    const told = element("span", { className: "outcome", id: `control-${name}` }, outcome);
    const made = element("button", { type: "button", className: "plain", aria: { describedby: told.id } }, title);
    made.addEventListener("click", () => this.act({ type: "bot", action: name }));
    return element("li", {}, made, told);
  }

  #pace(speed, words) {
    const made = element("button", { type: "button", className: "plain", data: { speed } }, words);
    made.addEventListener("click", () => this.act({ type: "pace", speed }));
    return made;
  }

  #trouble({ name, title, outcome, lasting }) {
    const said = lasting ? `${outcome} It stays on until you switch it off.` : outcome;
    const told = element("span", { className: "outcome", id: `trouble-${name}` }, said);
    const box = element("input", { type: "checkbox", role: "switch", aria: { describedby: told.id } });
    box.addEventListener("change", () => this.act({ type: "trouble", name, on: box.checked }));
    return element("li", {}, element("label", {}, box, element("b", {}, title)), told);
  }

  #troubles(on) {
    for (const made of this.part("troubles").children) {
      one("input", made).checked = on.includes(made.dataset.key);
    }
  }

  // ------------------------------------------------------------------------------------ the database

  #rows(rows) {
    const make = () => element("li", {}, element("details", {}, element("summary"), element("dl")));
    reconcile(this.part("rows"), rows, (row) => row.id, make, (made, row) => {
      const stamp = JSON.stringify(row);
      if (made.stamp === stamp) return;
      made.stamp = stamp;
      const summary = [
        element("code", {}, row.code),
        element("span", { className: `stage ${row.status}` }, row.status),
        element("span", { className: "count" }, `${Math.round(row.progress)} %, version ${row.version}`),
        element("bdi", { className: "prompt" }, row.prompt),
      ];
      one("summary", made).replaceChildren(...summary);
      one("dl", made).replaceChildren(...Object.entries(row).filter(isSet).map(column));
    });
  }

  #events(events) {
    reconcile(this.part("events"), events, (event) => event.id, (event) => {
      const change = event.status_before === event.status_after ? "" : event.status_after;
      const cells = [time(event.at), event.code, event.event, change];
      return element("tr", { title: event.detail }, ...cells.map((text) => element("td", {}, text)));
    });
  }
}

function workParts() {
  return [
    element("p", { className: "prompt", dir: "auto" }),
    element("p", { className: "by" }),
    element("p", { className: "now" }, element("span", { className: "stage" }), element("span", { className: "percent" })),
    element("progress", { max: 100, value: 0, aria: { label: "Progress" } }),
    element("ul", { className: "steps" }),
  ];
}

function makeStep(step) {
  const name = step.slot === "grid" ? "Grid" : `U${step.slot.slice(-1)}`;
  const summary = element("summary", {}, element("b", {}, name), " ", element("span", { className: "how" }));
  return element("li", {}, element("details", {}, summary, element("dl")));
}

// Open while something happens; what a person opens or closes stays so until the next stage.
function changeStep(made, step) {
  if (made.dataset.stage !== step.stage) {
    made.dataset.stage = step.stage;
    one("details", made).open = !["to come", "stored", "given up"].includes(step.stage);
  }
  const size = step.size === null ? "" : ` ${step.size[0]}×${step.size[1]}`;
  setText(one(".how", made), step.problem ?? `${step.stage}${size}`);
  const ids = Object.entries(step.ids).map(([name, value]) => ({ name, value }));
  const make = ({ name }) => element("div", {}, element("dt", {}, name), element("dd"));
  reconcile(one("dl", made), ids, ({ name }) => name, make, (row, { value }) => setText(one("dd", row), value));
}

function isSet([, value]) {
  return value !== null && value !== "" && JSON.stringify(value) !== "[]";
}

function column([name, value]) {
  const text = Array.isArray(value) ? JSON.stringify(value) : typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);
  return element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, text));
}

function time(text) {
  return new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" }).format(new Date(text));
}
