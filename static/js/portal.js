/* Four comforts; every page works without them. Old in-app browsers run this too: no new syntax. */
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

  /* A bar that moves by itself; when the work is done the page says what is next. */
  var bar = document.querySelector("[data-status]");
  function ask() {
    var asked = new XMLHttpRequest();
    asked.open("GET", bar.getAttribute("data-status"));
    asked.onloadend = function () {
      var said = asked.status === 200 ? JSON.parse(asked.responseText) : null;
      var going = said && said.state === "making";
      if (going) {
        bar.value = said.percent;
        document.querySelector("[data-percent]").textContent = said.percent + "%";
      }
      /* No answer at all: perhaps a tunnel. */
      if (going || !asked.status) {
        window.setTimeout(ask, 2000);
      } else {
        window.location.reload();
      }
    };
    asked.send();
  }
  if (bar) {
    window.setTimeout(ask, 1000);
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-print]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
