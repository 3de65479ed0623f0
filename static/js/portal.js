/* Two comforts; every page works without them. Old in-app browsers run this too: no new syntax. */
(function () {
  "use strict";

  var summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
