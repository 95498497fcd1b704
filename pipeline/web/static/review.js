// The queue by keyboard: j and k move, a accepts, r rejects, e opens, u takes back. Works without it by Tab and Enter.
"use strict";

(function () {
  const queue = document.getElementById("queue");
  if (!queue) {
    return;
  }
  const rows = Array.from(queue.querySelectorAll("[data-row]"));
  const on = document.getElementById("keys-on");
  let at = -1;

  if (on) {
    on.checked = window.localStorage.getItem("review-keys") !== "off";
    on.addEventListener("change", function () {
      window.localStorage.setItem("review-keys", on.checked ? "on" : "off");
    });
  }

  function mark(next) {
    rows.forEach(function (row) {
      row.classList.remove("current");
    });
    at = next;
    rows[at].classList.add("current");
  }

  function move(next) {
    if (next < 0 || next >= rows.length) {
      return;
    }
    mark(next);
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  queue.addEventListener("focusin", function (event) {
    const row = rows.indexOf(event.target.closest("[data-row]"));
    if (row >= 0 && row !== at) {
      mark(row);
    }
  });

  function press(key) {
    const found = at >= 0 && rows[at].querySelector('[data-key="' + key + '"]');
    if (found) {
      found.click();
    }
  }

  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || (on && !on.checked)) {
      return;
    }
    if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? at + 1 : at - 1);
    } else if (event.key === "a" || event.key === "r" || event.key === "e") {
      press(event.key);
    } else if (event.key === "u" && document.getElementById("undo")) {
      document.getElementById("undo").click();
    } else {
      return;
    }
    event.preventDefault();
  });

  if (rows.length) {
    const asked = rows.findIndex(function (row) {
      return "#" + row.id === window.location.hash;
    });
    if (asked >= 0) {
      move(asked);
    } else {
      mark(0);
    }
  }
})();
