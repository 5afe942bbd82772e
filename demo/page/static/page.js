// The start: connects the channel, the box and what is beside them.

import { Composer } from "./composer.js";
import { connect } from "./connection.js";
import { one } from "./dom.js";
import { refreshTimes } from "./markdown.js";
import { Messages } from "./messages.js";
import { Side } from "./side.js";

const REFRESH = 10_000;

const act = (request) => {
  composer.fail("");
  const sent = send(request);
  if (!sent) composer.fail("The demo does not answer.");
  return sent;
};

const composer = new Composer({
  form: one("#composer"),
  send: (request) => {
    messages.end();
    return send(request);
  },
  changedPerson: () => messages.refreshReactions(),
});
const messages = new Messages({
  log: one("#log"),
  list: one("#messages"),
  news: one("#news"),
  latest: one("#latest"),
  act,
  reply: (record) => composer.reply(record),
});
messages.person = () => composer.person.value;
const side = new Side({ root: one(".side"), act });

const HEARD = {
  hello(told) {
    composer.begin(told);
    messages.begin(told.messages, told.names);
    side.begin(told);
    side.show(told.state);
    one("#gallery").href = told.gallery;
    one(".page").dataset.ready = "";
  },
  message: ({ event, message }) => messages.hear(event, message),
  state: ({ state }) => side.show(state),
  error: ({ text }) => composer.fail(text),
};

const send = connect({
  hear: (told) => HEARD[told.type]?.(told),
  changed(open) {
    const state = one("#connection");
    state.textContent = open ? "" : "The demo does not answer; trying again …";
  },
});

// On a phone, one of the two is seen at a time.
const views = [...document.querySelectorAll(".views button")];
for (const button of views) {
  button.addEventListener("click", () => {
    one(".page").dataset.view = button.dataset.view;
    for (const each of views) each.setAttribute("aria-pressed", String(each === button));
  });
}

setInterval(refreshTimes, REFRESH);
// On a phone, the keyboard would cover half of the page.
if (matchMedia("(min-width: 36rem)").matches) one("#box").focus();
