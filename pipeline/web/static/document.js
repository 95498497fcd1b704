// A dispatch beside its file: shows where a value was read, opens forms in their place, and works without a mouse.
// All of it can be done without this script too, by links and forms alone.
"use strict";

(function () {
  const desk = document.getElementById("desk");
  prepareForms(document);
  if (!desk) {
    return;
  }
  const sheets = document.getElementById("sheets");
  const findings = document.getElementById("findings");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pages = new Map(); // number -> {figure, width, height, lines: promise}
  let chosen = null; // the value that was looked at last

  // ---------------------------------------------------------------- pages and the words on them

  const sizes = desk.dataset.pages
    ? fetch(desk.dataset.pages).then((answer) => answer.json()).then(setSizes).catch(() => false)
    : Promise.resolve(false);

  function setSizes(found) {
    if (found.problem) {
      const problem = document.getElementById("pages-problem");
      problem.textContent = found.problem + " ";
      const link = document.createElement("a");
      link.href = desk.dataset.text;
      link.textContent = document.querySelector(".source-bar a:nth-of-type(2)").textContent;
      problem.append(link);
      problem.hidden = false;
      sheets.querySelectorAll(".sheet").forEach((figure) => { figure.hidden = true; });
      return false;
    }
    sheets.querySelectorAll(".sheet").forEach(function (figure) {
      const number = Number(figure.dataset.page);
      const size = found.pages[number - 1];
      if (!size) {
        return;
      }
      const image = figure.querySelector("img");
      image.setAttribute("width", Math.round(size[0]));
      image.setAttribute("height", Math.round(size[1]));
      const layer = document.createElement("div");
      layer.className = "layer";
      layer.lang = "vi";
      figure.append(layer);
      pages.set(number, { figure: figure, layer: layer, width: size[0], height: size[1], lines: null });
      watch.observe(figure);
    });
    return true;
  }

  const watch = new IntersectionObserver(function (seen) {
    seen.filter((one) => one.isIntersecting).forEach(function (one) {
      watch.unobserve(one.target);
      linesOf(Number(one.target.dataset.page));
    });
  }, { root: sheets, rootMargin: "200px" });

  function linesOf(number) {
    const page = pages.get(number);
    if (!page) {
      return Promise.resolve([]);
    }
    if (!page.lines) {
      page.lines = fetch(desk.dataset.words + number + "/words")
        .then((answer) => answer.json())
        .then(function (found) {
          layOut(page, found.lines);
          return found.lines;
        })
        .catch(() => []);
    }
    return page.lines;
  }

  const pen = document.createElement("canvas").getContext("2d");
  pen.font = '100px "Liberation Sans", Arial, sans-serif';

  function widthOf(words) {
    return pen.measureText(words).width / 100;
  }

  // the words over the picture, unseen, so that they can be marked
  function layOut(page, lines) {
    const all = document.createDocumentFragment();
    lines.forEach(function (line) {
      const [start, x0, top, x1, bottom, words] = line;
      const height = Math.max(1, bottom - top);
      const size = height * 0.86;
      const piece = document.createElement("span");
      piece.dataset.s = start;
      piece.textContent = words + " ";
      piece.style.left = (100 * x0) / page.width + "%";
      piece.style.top = (100 * top) / page.height + "%";
      piece.style.fontSize = (100 * size) / page.width + "cqw";
      piece.style.transform = "scaleX(" + ((x1 - x0) / (widthOf(words) * size || 1)).toFixed(4) + ")";
      all.append(piece);
    });
    page.layer.append(all);
  }

  // ---------------------------------------------------------------- where a value was read

  function spansOf(value) {
    return (value.dataset.at || "").split(" ").filter(Boolean).map((one) => one.split("-").map(Number));
  }

  function clear() {
    document.querySelectorAll(".spot").forEach((spot) => spot.remove());
    document.querySelectorAll(".lit").forEach((piece) => piece.classList.remove("lit"));
  }

  async function show(value) {
    document.querySelectorAll(".value.here").forEach((one) => one.classList.remove("here"));
    value.classList.add("here");
    chosen = value;
    nameRow();
    const spans = spansOf(value);
    clear();
    if (!spans.length) {
      return true;
    }
    const reading = sheets.querySelector(".reading");
    if (reading) {
      return light(reading, spans);
    }
    if (!(await sizes)) {
      return true;
    }
    return spot(value, spans);
  }

  function light(reading, spans) {
    const lit = [...reading.children].filter(function (piece) {
      const at = Number(piece.dataset.s);
      return spans.some(([start, end]) => at >= start && at < end);
    });
    lit.forEach((piece) => piece.classList.add("lit"));
    if (lit.length) {
      into(lit[0]);
    }
    return lit.length > 0;
  }

  async function spot(value, spans) {
    const href = value.getAttribute("href") || "";
    const first = Number((/#page-(\d+)/.exec(href) || [])[1] || 1);
    if (!pages.has(first)) {
      return false;
    }
    const marks = [];
    for (let number = first; pages.has(number) && number < first + 4; number += 1) {
      const lines = await linesOf(number);
      if (chosen !== value) {
        return true;
      }
      lines.forEach((line) => spans.forEach((span) => marks.push(...marked(pages.get(number), line, span))));
      const last = lines[lines.length - 1];
      if (last && spans.every((span) => span[1] <= last[0] + last[5].length) && marks.length) {
        break;
      }
    }
    into(marks[0] || pages.get(first).figure);
    return true;
  }

  function marked(page, line, span) {
    const [start, x0, top, x1, bottom, words] = line;
    const from = Math.max(0, span[0] - start);
    const to = Math.min(words.length, span[1] - start);
    if (from >= to) {
      return [];
    }
    const whole = widthOf(words) || 1;
    const left = x0 + ((x1 - x0) * widthOf(words.slice(0, from))) / whole;
    const right = x0 + ((x1 - x0) * widthOf(words.slice(0, to))) / whole;
    const mark = document.createElement("div");
    mark.className = "spot";
    mark.style.left = (100 * (left - 1)) / page.width + "%";
    mark.style.top = (100 * (top - 1)) / page.height + "%";
    mark.style.width = (100 * (right - left + 2)) / page.width + "%";
    mark.style.height = (100 * (bottom - top + 2)) / page.height + "%";
    page.figure.append(mark);
    return [mark];
  }

  // scrolls the original alone, not the whole page
  function into(place) {
    const box = place.getBoundingClientRect();
    const frame = sheets.getBoundingClientRect();
    const by = box.top - frame.top - frame.height / 3;
    sheets.scrollBy({ top: by, behavior: calm ? "auto" : "smooth" });
  }

  // ---------------------------------------------------------------- choosing values

  const values = () => [...findings.querySelectorAll(".value")].filter((one) => one.offsetParent);
  const rowOf = (value) => value.closest("[id]");

  function choose(value) {
    value.focus({ preventScroll: true });
    rowOf(value).scrollIntoView({ block: "nearest" });
    show(value);
  }

  function step(by) {
    const all = values();
    const at = all.indexOf(document.activeElement.closest ? document.activeElement.closest(".value") : null);
    const from = at >= 0 ? at : all.indexOf(chosen);
    choose(all[Math.min(all.length - 1, Math.max(0, from < 0 ? 0 : from + by))]);
  }

  findings.addEventListener("click", function (event) {
    const value = event.target.closest(".value");
    if (value && value.dataset.at && !event.ctrlKey && !event.metaKey) {
      const elsewhere = !(value.getAttribute("href") || "#").startsWith("#");
      if (!elsewhere && !(value.hash.startsWith("#page-") && !document.querySelector(value.hash))) {
        event.preventDefault();
        show(value);
      } else if (!elsewhere) {
        event.preventDefault();
        const row = rowOf(value);
        window.location.href = "?page=" + value.hash.slice(6) + "#" + row.id;
      }
    }
    const link = event.target.closest("[data-edit]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(link.href, slotOf(link));
    }
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      close(event.target.closest(".slot"));
    }
  });

  // ---------------------------------------------------------------- forms in their place

  function slotOf(link) {
    const slot = link.dataset.slot && document.getElementById("slot-" + link.dataset.slot);
    return slot || [...link.closest("[id]:not(summary)").querySelectorAll(".slot")].pop();
  }

  async function open(address, slot) {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector(".editor");
    if (!form) {
      window.location.href = address;
      return;
    }
    document.querySelectorAll(".slot").forEach((one) => one.replaceChildren());
    slot.append(document.importNode(form, true));
    prepareForms(slot);
    slot.scrollIntoView({ block: "nearest" });
    slot.querySelector("textarea, input:not([type=hidden]), select").focus();
  }

  function close(slot) {
    slot.replaceChildren();
    if (chosen) {
      chosen.focus({ preventScroll: true });
    }
  }

  // ---------------------------------------------------------------- words that were marked

  const take = document.getElementById("take");
  let words = "";

  function nameRow() {
    const group = document.getElementById("take-row");
    if (!group) {
      return;
    }
    const row = chosen && chosen.closest(".obligation");
    group.disabled = !row;
    group.label = group.dataset.words.replace("{id}", row ? row.id : "…");
  }

  function look() {
    const marked = window.getSelection();
    const inside = marked.rangeCount && !marked.isCollapsed && sheets.contains(marked.anchorNode)
      && sheets.contains(marked.focusNode);
    if (!inside) {
      return;
    }
    words = marked.toString().replace(/\s+/g, " ").trim().slice(0, 5000);
    document.getElementById("taken").textContent = "“" + words + "”";
    take.hidden = !words;
    nameRow();
  }

  if (take) {
    let waiting = 0;
    document.addEventListener("selectionchange", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(look, 150);
    });
    document.getElementById("take-it").addEventListener("click", function () {
      const asked = new URLSearchParams(document.getElementById("take-as").value);
      const row = chosen && chosen.closest(".obligation");
      let slot = document.getElementById("slot-new");
      if (asked.get("target")) {
        slot = document.getElementById("f-" + asked.get("field")).querySelector(".slot");
      } else if (asked.get("part") !== "new") {
        asked.set("target", row.id);
        slot = [...row.querySelectorAll(":scope > .slot")].pop();
      }
      asked.set("text", words);
      take.hidden = true;
      open(desk.dataset.form + asked.toString(), slot);
    });
  }

  // ---------------------------------------------------------------- keys

  const help = document.getElementById("help");
  const on = document.getElementById("keys-on");
  try {
    on.checked = window.localStorage.getItem("document-keys") !== "off";
  } catch (error) {
    on.checked = true;
  }
  on.addEventListener("change", function () {
    try {
      window.localStorage.setItem("document-keys", on.checked ? "on" : "off");
    } catch (error) {
      return;
    }
  });
  document.getElementById("help-button").addEventListener("click", () => help.showModal());

  function press(selector) {
    const row = chosen && (chosen.closest(".proposal, .limit, .obligation, .field"));
    const button = row && row.querySelector(selector);
    if (button) {
      button.click();
    }
  }

  const does = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press(".accept"),
    e: () => press("[data-edit]"),
    u: () => {
      const last = document.getElementById("last-own");
      if (last) {
        last.click();
      }
    },
    n: () => { window.location.href = desk.dataset.next; },
    o: () => {
      const link = document.querySelector('[data-slot="new"]');
      if (link) {
        link.click();
      }
    },
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && event.target.closest(".editor")) {
      close(event.target.closest(".slot"));
      return;
    }
    const typing = event.target.closest("input, textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !on.checked) {
      return;
    }
    if (does[event.key]) {
      event.preventDefault();
      does[event.key]();
    }
  });

  findings.addEventListener("focusin", function (event) {
    const value = event.target.closest(".value");
    if (value) {
      chosen = value;
      nameRow();
    }
  });

  // ---------------------------------------------------------------- where the address leads

  nameRow();
  const there = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
  const value = there && findings.contains(there) && there.querySelector(".value");
  if (value) {
    there.scrollIntoView({ block: "nearest" });
    show(value);
    // the browser goes to the place that the address names only then, and takes the focus from what has it
    const focus = () => window.setTimeout(() => value.focus({ preventScroll: true }), 0);
    if (document.readyState === "complete") {
      focus();
    } else {
      window.addEventListener("load", focus);
    }
  }

  // ---------------------------------------------------------------- helps in forms

  function prepareForms(place) {
    place.querySelectorAll("[data-cut]").forEach(function (button) {
      const [first, second] = button.dataset.cut.split(" ").map((id) => document.getElementById(id));
      button.hidden = false;
      button.addEventListener("click", function () {
        const at = first.selectionStart;
        second.value = (first.value.slice(at) + " " + second.value).trim();
        first.value = first.value.slice(0, at).trim();
        second.focus();
      });
    });
    place.querySelectorAll("[data-joins]").forEach(function (select) {
      const joined = document.getElementById(select.dataset.joins);
      const own = joined.value;
      select.addEventListener("change", function () {
        const other = select.selectedOptions[0].dataset.quote;
        joined.value = other ? own + " " + other : own;
      });
    });
  }
})();
