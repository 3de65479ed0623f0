/* Three comforts; every page works without them. Old in-app browsers run this too: no new syntax. */
(function () {
  "use strict";

  var summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
  }

  /* A second click while the first is on its way would ask twice. */
  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("data-sent")) {
      event.preventDefault();
    }
    event.target.setAttribute("data-sent", "yes");
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.forms, function (form) {
      form.removeAttribute("data-sent");
    });
  });

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
