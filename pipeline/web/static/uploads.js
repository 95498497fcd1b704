// Dropping files, how far they are sent, and what becomes of them; the pages work without it.
"use strict";

(function () {
  const form = document.getElementById("upload");
  if (form) {
    const input = document.getElementById("files");
    const drop = document.getElementById("drop");
    const said = document.getElementById("sending");
    const bar = document.getElementById("progress");
    const megabyte = 1024 * 1024;
    document.getElementById("drop-words").hidden = false;

    const isTooLarge = function () {
      const sizes = Array.from(input.files, (file) => file.size);
      return sizes.length > Number(form.dataset.files) ||
        sizes.some((size) => size > Number(form.dataset.file) * megabyte) ||
        sizes.reduce((sum, size) => sum + size, 0) > Number(form.dataset.total) * megabyte;
    };

    const showChosen = function () {
      const list = document.getElementById("chosen");
      list.replaceChildren();
      for (const file of input.files) {
        const line = document.createElement("li");
        line.textContent = file.name + " (" + Math.ceil(file.size / 1024) + " KB)";
        list.append(line);
      }
      said.textContent = isTooLarge() ? form.dataset.tooLarge : "";
    };
    input.addEventListener("change", showChosen);

    // the whole window takes files, so that one dropped beside the box does not replace the page
    document.addEventListener("dragover", function (event) {
      event.preventDefault();
      drop.classList.add("over");
    });
    document.addEventListener("dragleave", function () {
      drop.classList.remove("over");
    });
    document.addEventListener("drop", function (event) {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        showChosen();
        form.querySelector("button").focus();
      }
    });

    const fail = function (words) {
      said.textContent = words;
      bar.hidden = true;
      form.querySelector("button").disabled = false;
      delete form.dataset.sent;
    };

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (isTooLarge()) {
        fail(form.dataset.tooLarge);
        return;
      }
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", function (progress) {
        const share = progress.lengthComputable ? Math.floor(100 * progress.loaded / progress.total) : 0;
        bar.value = share;
        said.textContent = share < 100 ? form.dataset.sending : form.dataset.sent;
      });
      request.addEventListener("load", function () {
        if (request.status < 300) {
          window.location.assign(request.responseURL);
          return;
        }
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const main = page.querySelector("main p");
        fail(main ? main.textContent.trim() : form.dataset.broken);
      });
      request.addEventListener("error", function () {
        fail(form.dataset.broken);
      });
      request.open("POST", form.action);
      bar.hidden = false;
      bar.value = 0;
      said.textContent = form.dataset.sending;
      form.querySelector("button").disabled = true;
      request.send(new FormData(form));
    });
  }

  const rows = document.querySelector("[data-events]");
  const follow = function () {
    const source = new EventSource(rows.dataset.events);
    source.addEventListener("file", function (event) {
      const place = document.createElement("tbody");
      place.innerHTML = event.data;
      const row = place.firstElementChild;
      const old = row && document.getElementById(row.id);
      if (old) {
        old.replaceWith(row);
      }
    });
    source.addEventListener("summary", function (event) {
      document.getElementById("summary").innerHTML = event.data;
    });
    source.addEventListener("over", function () {
      source.close();
    });
    source.addEventListener("error", function () {
      if (source.readyState === EventSource.CLOSED) {
        window.setTimeout(() => window.location.reload(), 5000);
      }
    });
  };
  if (rows) {
    window.addEventListener("load", follow);
  }
})();
