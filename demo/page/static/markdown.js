// Discord's markdown as elements. What is not understood stays as it was typed.

import { element } from "./dom.js";

const STYLES = { "**": "strong", __: "u", "~~": "s", "*": "em", _: "em" };
const SAFE = /^https?:\/\//i;
const URL_TEXT = "https?:\\/\\/[^\\s<>]*[^\\s<>.,:;!?'\")\\]]";
// Each is tried where the last one ended; whatever none of them takes is text.
const RULES = [
  [/\\([^\w\s])/y, ([, character]) => character],
  [/```(?:[\w-]+\n)?([^]+?)```/y, ([, code]) => element("pre", {}, element("code", {}, code.replace(/^\n|\n$/g, "")))],
  [/(`{1,2})([^]+?)\1(?!`)/y, ([, , code]) => element("code", {}, code)],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, ([whole, seconds, style]) => time(Number(seconds), style) ?? whole],
  [/<@!?(\d{1,20})>/y, ([, id], names) => mention(names[id] ?? "unknown")],
  [/@(?:everyone|here)\b/y, ([whole]) => mention(whole.slice(1))],
  [new RegExp(`\\[([^\\]]+)\\]\\(<?(${URL_TEXT})>?\\)`, "yi"), ([, text, url], names) => link(url, inline(text, names))],
  [new RegExp(`<(${URL_TEXT})>`, "yi"), ([, url]) => link(url, url)],
  [new RegExp(URL_TEXT, "yi"), ([url]) => link(url, url)],
  [/(\*\*|__|~~)(?=\S)([^]*?\S)\1(?!\*)/y, styled],
  [/(\*)(?=[^\s*])([^*]*?[^\s*])\*(?!\*)/y, styled],
  [/(?<![\p{L}\p{N}])(_)(?=[^\s_])([^_]*?[^\s_])_(?![\p{L}\p{N}_])/uy, styled],
];
const NEXT = /[\\`<@[*_~h]/gi;

function styled([, mark, inside], names) {
  return element(STYLES[mark], {}, inline(inside, names));
}

function mention(name) {
  return element("span", { className: "mention" }, `@${name}`);
}

function link(url, content) {
  if (!SAFE.test(url)) return content;
  return element("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer" }, content);
}

const FORMATS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function time(seconds, style = "f") {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  const exact = new Intl.DateTimeFormat("en", FORMATS.F).format(moment);
  const made = element("time", { dateTime: moment.toISOString(), title: exact, className: "stamp" });
  if (style === "R") made.dataset.relative = "";
  made.textContent = style === "R" ? relative(moment) : new Intl.DateTimeFormat("en", FORMATS[style]).format(moment);
  return made;
}

const UNITS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];

function relative(moment) {
  let amount = (moment.getTime() - Date.now()) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(Math.round(amount)) < size) {
      return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(amount), unit);
    }
    amount /= size;
  }
  return "";
}

export function refreshTimes() {
  for (const made of document.querySelectorAll("time[data-relative]")) {
    made.textContent = relative(new Date(made.dateTime));
  }
}

// `names` tells who the ids in mentions are.
function inline(text, names) {
  const made = document.createDocumentFragment();
  let at = 0;
  let plain = "";
  while (at < text.length) {
    const found = taken(text, at, names);
    if (found === null) {
      NEXT.lastIndex = at + 1;
      const next = NEXT.exec(text)?.index ?? text.length;
      plain += text.slice(at, next);
      at = next;
      continue;
    }
    if (plain !== "") made.append(plain);
    plain = "";
    made.append(found.node);
    at = found.end;
  }
  if (plain !== "") made.append(plain);
  return made;
}

function taken(text, at, names) {
  for (const [rule, make] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text);
    if (match !== null) return { node: make(match, names), end: at + match[0].length };
  }
  return null;
}

const BLOCKS = [["> ", "blockquote"], ["-# ", "small"]];

// Blocks of code may go over several lines; elsewhere each line is one of its own.
export function markdown(text, names) {
  const made = document.createDocumentFragment();
  for (const part of text.split(/(```[^]+?```)/)) {
    if (part.startsWith("```") && part.length > 6) {
      made.append(inline(part, names));
    } else {
      lines(part.replace(/^\n|\n$/g, ""), names, made);
    }
  }
  return made;
}

function lines(text, names, made) {
  if (text === "") return;
  for (const line of text.split("\n")) {
    const [mark, name] = BLOCKS.find(([start]) => line.startsWith(start)) ?? ["", "span"];
    made.append(element(name, { className: "text", dir: "auto" }, inline(line.slice(mark.length), names)));
  }
}

// The same text as somebody would read it aloud.
export function plain(text, names) {
  return element("div", {}, markdown(text, names)).textContent;
}
