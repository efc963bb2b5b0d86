// Runs before the first paint, as a file of its own because the content security policy forbids inline scripts.
// Without a stored choice the page follows the system, also while it is open.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("theme");
    } catch {
      // Storage is switched off: follow the system.
    }
    const theme = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
    document.documentElement.setAttribute("data-theme", theme);
  };
  apply();
  dark.addEventListener("change", apply);
})();
