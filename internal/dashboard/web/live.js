// A page that is served asks its server now and then whether there is a newer run, and loads
// itself again when there is. Its address keeps what is open.

const every = 5000; // milliseconds

async function look(tag) {
  try {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store", headers: tag ? { "If-None-Match": tag } : {}, credentials: "same-origin" });
    byId("state").textContent = "live";
    const now = answer.headers.get("ETag");
    if (answer.ok && tag && now && now !== tag) location.reload();
    if (answer.status === 401 || answer.status === 403) byId("state").textContent = "live: the server no longer lets us in";
    return now || tag;
  } catch {
    byId("state").textContent = "the server does not answer";
    return tag;
  }
}

function watch() {
  if (document.documentElement.dataset.live !== "true") return;
  byId("meta").append(" · ", el("span", { id: "state" }, "live"));
  let tag = document.documentElement.dataset.tag || null;
  const again = async () => {
    if (!document.hidden) tag = await look(tag);
    setTimeout(again, every);
  };
  again();
}
