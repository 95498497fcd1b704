// Small helps for pages that work without any script too.
"use strict";

(function () {
  // <form data-confirm="words">: asks before it is sent
  document.addEventListener("submit", function (event) {
    const words = event.target.getAttribute("data-confirm");
    if (words && !window.confirm(words)) {
      event.preventDefault();
    }
  });

  // <select data-send>, <input data-send>: sends its form when it is changed
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-send]") && event.target.form) {
      event.target.form.requestSubmit();
    }
  });

  // what can be scrolled sideways can be reached by keyboard, and has a name
  function nameScrolled() {
    document.querySelectorAll(".wide").forEach(function (box) {
      if (box.scrollWidth <= box.clientWidth) {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        return;
      }
      const caption = box.querySelector("caption");
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", caption ? caption.textContent.trim() : document.title);
    });
  }
  nameScrolled();

  // the menu of a narrow screen is scrolled to where one is
  const menu = document.querySelector(".menu");
  const here = menu && menu.querySelector("[aria-current]");
  if (here && here.offsetLeft + here.offsetWidth > menu.clientWidth) {
    menu.scrollLeft = here.offsetLeft - menu.clientWidth / 3;
  }
  window.addEventListener("resize", nameScrolled);

  // a form is sent once, however often its button is pressed
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "1";
  });

  // a page that comes back out of the browser's memory can be sent again
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
