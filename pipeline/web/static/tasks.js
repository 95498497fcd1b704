// The list of duties: small helps; all of it works without.
"use strict";

(function () {
  // on a narrow screen the list comes first
  const facets = document.querySelector("details.facets");
  if (facets && window.matchMedia("(max-width: 60rem)").matches) {
    facets.open = false;
  }

  // empty fields do not stand in the address
  const search = document.querySelector("form.search");
  if (search) {
    search.addEventListener("submit", function () {
      search.querySelectorAll("input, select").forEach(function (field) {
        field.disabled = field.value === "";
      });
    });
    window.addEventListener("pageshow", function () {
      search.querySelectorAll(":disabled").forEach(function (field) {
        field.disabled = false;
      });
    });
  }

  // one box for all of a page
  const boxes = Array.from(document.querySelectorAll('.tasks [name="duty"]'));
  const head = document.querySelector("th.pick");
  if (head && boxes.length > 1) {
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", head.dataset.all);
    all.addEventListener("change", function () {
      boxes.forEach(function (box) {
        box.checked = all.checked;
      });
    });
    head.append(all);
  }
})();
