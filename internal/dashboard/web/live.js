// A page that is served asks its server now and then whether there is a newer run, and when
// somebody comes back to it; it loads itself again when there is. Its address keeps what is
// open.

const every = 5000; // milliseconds

async function askForNewer(tag) {
  const state = byId("state");
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store", headers: { "If-None-Match": tag }, credentials: "same-origin" });
    state.textContent = answer.ok || answer.status === 304 ? "live" : "the server does not show it any more";
    const now = answer.headers.get("ETag");
    if (answer.ok && now && now !== tag) location.reload();
  } catch {
    state.textContent = "the server does not answer";
  }
}

function watch() {
  const { live, tag } = document.documentElement.dataset;
  if (live !== "true") return;
  byId("meta").append(" · ", el("span", { id: "state" }, "live"));
  const ask = () => { if (!document.hidden) askForNewer(tag); };
  setInterval(ask, every);
  addEventListener("focus", ask);
}
