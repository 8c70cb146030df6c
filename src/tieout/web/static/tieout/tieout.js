// What the pages need beyond the theme: the browser's time zone, quiet updates, and a way to pause them.
(function () {
    "use strict";

    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone) {
        const secure = location.protocol === "https:" ? "; Secure" : "";
        document.cookie = "tieout_zone=" + encodeURIComponent(zone) + "; Path=/; Max-Age=31536000; SameSite=Lax" + secure;
    }

    window.tieoutIsPaused = sessionStorage.getItem("tieoutIsPaused") === "1";

    function showPause(button) {
        const paused = window.tieoutIsPaused;
        button.setAttribute("aria-pressed", paused ? "true" : "false");
        button.querySelector(".material-symbols-outlined").textContent = paused ? "play_arrow" : "pause";
    }

    // A screen reader hears of a change once, and only of what matters.
    function announce() {
        const summary = document.getElementById("summary");
        const place = document.getElementById("announcement");
        if (summary && place && place.textContent !== summary.dataset.announce) {
            place.textContent = summary.dataset.announce;
        }
    }

    document.addEventListener("DOMContentLoaded", function () {
        const button = document.getElementById("pause");
        if (button) {
            showPause(button);
            button.addEventListener("click", function () {
                window.tieoutIsPaused = !window.tieoutIsPaused;
                sessionStorage.setItem("tieoutIsPaused", window.tieoutIsPaused ? "1" : "0");
                showPause(button);
            });
        }
        for (const all of document.querySelectorAll("[data-tick-all]")) {
            all.addEventListener("change", function () {
                for (const one of all.form.querySelectorAll("input[name=" + all.dataset.tickAll + "]")) {
                    one.checked = all.checked;
                }
            });
        }
        for (const button of document.querySelectorAll("[data-add-row]")) {
            button.hidden = false;
            button.addEventListener("click", function () {
                const rows = button.form.querySelector("[data-rows] tbody");
                const number = rows.rows.length + 2;
                const made = rows.lastElementChild.cloneNode(true);
                made.querySelector("th").textContent = number;
                for (const field of made.querySelectorAll("input")) {
                    field.value = "";
                    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, number));
                }
                rows.append(made);
                made.querySelector("input").focus();
            });
        }
        announce();
    });

    // The server answers 204 while the figures look the same, so that nothing is replaced under a reader's hands.
    document.addEventListener("htmx:configRequest", function (event) {
        const seen = event.detail.elt.dataset.seen;
        if (seen) {
            event.detail.headers["X-Seen"] = seen;
        }
    });
    document.addEventListener("htmx:beforeSwap", function (event) {
        const target = event.detail.target;
        if (target.id !== "moving") {
            return;
        }
        // A session that ended answers with the sign-in page; go there instead of showing it inside this one.
        if (!event.detail.xhr.getResponseHeader("X-Seen")) {
            event.detail.shouldSwap = false;
            if (event.detail.xhr.status === 200) {
                location.reload();
            }
            return;
        }
        target.dataset.seen = event.detail.xhr.getResponseHeader("X-Seen");
        target.dataset.open = Array.from(target.querySelectorAll("details[open]"), (one) => one.id).join(" ");
    });
    document.addEventListener("htmx:afterSwap", function (event) {
        if (event.detail.target.id === "moving") {
            for (const id of (event.detail.target.dataset.open || "").split(" ")) {
                const one = id && document.getElementById(id);
                if (one) {
                    one.open = true;
                }
            }
            announce();
        }
    });
})();
