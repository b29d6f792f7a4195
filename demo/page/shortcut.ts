/** Calls `run` when a key is pressed, except where text is typed, and while a dialog is open. */
export function onShortcut(key: string, run: () => void): void {
  document.addEventListener("keydown", (event) => {
    const { target, ctrlKey, metaKey, altKey } = event;
    if (event.key !== key || ctrlKey || metaKey || altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    run();
  });
}
