// Light, dark, or as the system has it. A page that may store nothing forgets it.

const themes = ["auto", "light", "dark"];

function setTheme(theme) {
  const root = document.documentElement;
  if (theme === "auto") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", theme);
  byId("theme").textContent = { auto: "◐ auto", light: "○ light", dark: "● dark" }[theme];
  byId("theme").setAttribute("aria-label", "theme: " + theme);
  root.dataset.chosen = theme;
}

function nextTheme() {
  const next = themes[(themes.indexOf(document.documentElement.dataset.chosen) + 1) % themes.length];
  setTheme(next);
  try { localStorage.setItem("highwater-theme", next); } catch { /* it may store nothing */ }
}

function firstTheme() {
  let theme = "auto";
  try { theme = localStorage.getItem("highwater-theme") || "auto"; } catch { /* it may read nothing */ }
  setTheme(themes.includes(theme) ? theme : "auto");
}
