// Searches pages that are files. They can ask nobody, so what is there to find comes as a script;
// it is loaded with the first search. `gallery.js` is there, too.

const AT_ONCE = 60;

function loadCards() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => resolve(exportedCards);
    script.onerror = reject;
    script.src = "cards.js";
    document.head.append(script);
  });
}

function chosenFrom(cards, asked) {
  const words = asked.get("q").toLowerCase().split(/\s+/);
  const fits = (card) =>
    words.every((word) => card.prompt.includes(word)) &&
    (!asked.get("by") || card.person === asked.get("by")) &&
    (!asked.get("state") || card.states.includes(asked.get("state")));
  return cards.filter(fits);
}

function showFound(found, list, more) {
  let shown = 0;
  const watching = new IntersectionObserver(
    (seen) => {
      if (seen.some((entry) => entry.isIntersecting)) grow();
    },
    { rootMargin: "1200px" },
  );

  function grow() {
    const part = found.slice(shown, (shown += AT_ONCE)).map((card) => card.card);
    const page = parsed(part.join(""));
    showLocalTimes(page);
    list.append(...all("li", page).map((card) => document.adoptNode(card)));
    watching.unobserve(more); // observed anew, it says again whether it can be seen
    if (shown < found.length) watching.observe(more);
    else more.textContent = found.length ? more.dataset.end : more.dataset.nothing;
  }

  list.replaceChildren();
  grow();
}

async function search(form) {
  const asked = new URLSearchParams(location.search);
  form.hidden = false;
  for (const field of all("[name]", form)) {
    if (!asked.has(field.name)) asked.set(field.name, "");
    field.value = asked.get(field.name);
  }
  if (!["q", "by", "state"].some((name) => asked.get(name))) return;
  one(".clear", form).hidden = false;
  showFound(chosenFrom(await loadCards(), asked), one(".cards"), one(".more"));
}

search(one(".filters"));
