// Makes the pages livelier; without it, they do all but move. It needs no other file, so that it
// also works from a folder, where modules are not loaded.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Times are sent in UTC, and shown as the reader's clock has them.
function showLocalTimes(root) {
  const parts = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  const language = document.documentElement.lang;
  const thisYear = new Intl.DateTimeFormat(language, parts);
  const anyYear = new Intl.DateTimeFormat(language, { ...parts, year: "numeric" });
  const year = new Date().getFullYear();
  for (const time of all("time[datetime]", root)) {
    const moment = new Date(time.dateTime);
    const format = moment.getFullYear() === year ? thisYear : anyYear;
    time.title = time.textContent;
    time.textContent = format.format(moment);
  }
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// ------------------------------------------------------------------------------ copying a prompt

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers allow it on HTTPS and on this machine only: elsewhere, the older way.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function offerCopying(root) {
  for (const button of all("button.copy", root)) {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await copy(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), 2000);
    });
  }
}

// ------------------------------------------------------------------------------------ favourites

function isStarred(root) {
  return one(".star button", root)?.getAttribute("aria-pressed") === "true";
}

function showStar(root, starred) {
  const button = one(".star button", root);
  button?.setAttribute("aria-pressed", starred);
  if (button) button.value = starred ? "no" : "yes";
}

// Without this, the form would lead to the page of that picture.
async function star(event) {
  const form = event.target;
  if (!form.matches(".star")) return;
  event.preventDefault();
  const wanted = !isStarred(form);
  showStar(form, wanted);
  const body = new URLSearchParams({ starred: wanted ? "yes" : "no" });
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(answer.status);
  } catch {
    showStar(form, !wanted);
  }
}

// ------------------------------------------------------------------------------ endless scrolling

function scrollEndlessly(cards, more) {
  const watching = new IntersectionObserver(
    (seen) => {
      if (seen.some((entry) => entry.isIntersecting)) load();
    },
    { rootMargin: "1200px" },
  );
  let loading = false;

  async function load() {
    const next = one("a[rel=next]", more);
    if (loading || next === null) return;
    loading = true;
    next.textContent = more.dataset.loading;
    try {
      const answer = await fetch(next.href);
      if (!answer.ok) throw new Error(answer.status);
      append(parsed(await answer.text()), next);
    } catch {
      watching.disconnect(); // the link stays, for a click
    }
    loading = false;
  }

  function append(page, next) {
    const known = new Set(all("[data-code]", cards).map((card) => card.dataset.code));
    const fresh = all(".cards > [data-code]", page).filter((card) => !known.has(card.dataset.code));
    fresh.forEach((card) => showLocalTimes(card));
    cards.append(...fresh.map((card) => document.adoptNode(card)));
    const following = one(".more a[rel=next]", page);
    if (following === null) {
      more.textContent = more.dataset.end;
      watching.disconnect();
      return;
    }
    next.replaceWith(document.adoptNode(following));
    watching.unobserve(more); // observed anew, it says again whether it can be seen
    watching.observe(more);
  }

  if (one("a[rel=next]", more) !== null) watching.observe(more);
}

// --------------------------------------------------------------------------- what happens meanwhile

function showProgress(root, change) {
  const bar = one("progress", root);
  const text = root.closest("[data-percent]").dataset.percent;
  if (bar !== null) bar.value = change.progress;
  for (const percent of all(".percent:not(.kin *)", root)) {
    percent.textContent = text.replace("{percent}", Math.round(change.progress));
  }
}

// A card has its place by when it was asked for; if that is further down, it comes with scrolling.
function addCard(cards, card, asked) {
  if (cards.dataset.grows === "") return;
  const older = all("[data-code]", cards).find((other) => one("time", other).dateTime < asked);
  if (older === undefined && cards.childElementCount > 0) return;
  cards.insertBefore(card, older ?? null);
  one(".empty")?.remove();
}

function changeCard(cards, change) {
  const old = one(`[data-code="${change.code}"]`, cards);
  if (change.gone) {
    old?.remove();
    return;
  }
  if (old !== null && old.dataset.state === change.state) {
    showProgress(old, change);
    return;
  }
  const card = document.adoptNode(one("li", parsed(change.card)));
  showLocalTimes(card);
  if (old === null) {
    addCard(cards, card, change.asked);
  } else {
    const focused = document.activeElement.closest(".star") ? ".star button" : "a";
    const had = old.contains(document.activeElement);
    showStar(card, isStarred(old));
    old.replaceWith(card);
    if (had) one(focused, card)?.focus();
  }
}

async function changeOpened(opened, change) {
  if (change.code !== opened.dataset.code) return opened;
  if (change.state === opened.dataset.state) {
    showProgress(opened, change);
    return opened;
  }
  const answer = await fetch(location.pathname);
  if (!answer.ok) return opened;
  const fresh = document.adoptNode(one(".opened", parsed(await answer.text())));
  prepare(fresh);
  opened.replaceWith(fresh);
  return fresh;
}

function follow(address, take) {
  let stream = null;
  const start = () => {
    stream ??= new EventSource(address);
    stream.onmessage = (event) => take(JSON.parse(event.data));
  };
  const stop = () => {
    stream?.close();
    stream = null;
  };
  // A page with an open stream could not be kept for the way back to it.
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);
  start();
}

// ----------------------------------------------------------------------------------------- the start

function prepare(root) {
  showLocalTimes(root);
  offerCopying(root);
}

function startList(cards) {
  if (location.protocol !== "file:") scrollEndlessly(cards, one(".more")); // nothing can be fetched
  if (cards.dataset.live) follow(cards.dataset.live, (change) => changeCard(cards, change));
  for (const select of all(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
}

function startOpened(article) {
  if (!article.dataset.live) return;
  let last = Promise.resolve(article); // one change after the other
  follow(article.dataset.live, (change) => {
    last = last.then((opened) => changeOpened(opened, change));
  });
}

function heedKeys() {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    const search = one('input[type="search"]');
    if (event.key === "/" && !typing && search !== null) {
      event.preventDefault();
      search.focus();
    }
  });
}

prepare(document);
heedKeys();
addEventListener("submit", star);
all(".cards").forEach(startList);
all(".opened").forEach(startOpened);
