// The document that was asked for is in view.
"use strict";

(function () {
  const box = document.getElementById("scroll");
  if (box) {
    box.scrollLeft = Math.max(0, Number(box.dataset.x) - (box.clientWidth - 196) / 2);
    box.scrollTop = Math.max(0, Number(box.dataset.y) - (box.clientHeight - 66) / 2);
  }
})();
