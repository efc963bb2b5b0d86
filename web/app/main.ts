/** Milliseconds that are waited for a paint, which a page in the background never has. */
const patience = 500;

/** Resolves when the browser says that what is there has been painted. */
function painted(): Promise<void> {
  return new Promise(resolve => {
    new PerformanceObserver(list => {
      if (list.getEntriesByName("first-contentful-paint").length > 0) resolve();
    }).observe({ type: "paint", buffered: true });
    setTimeout(resolve, patience);
  });
}

const root = document.getElementById("app");
if (root) {
  // The server's first view is seen before the script that takes its place is run.
  if (root.firstChild) await painted();
  const { start } = await import("./start.tsx");
  start(root);
}

export {};
