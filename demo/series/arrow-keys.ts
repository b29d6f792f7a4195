/**
 * Up and down move the focus through the rows of a list, left and right close and open folders.
 *
 * @param onLeave called by Up in the first row
 */
export function listenToArrows(list: HTMLElement, onLeave: () => void): void {
  list.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const item = target instanceof Element ? target.closest("li") : null;
    const button = item?.querySelector("button");
    if (!item || !button || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOpen = button.getAttribute("aria-expanded");
    if (key === "ArrowDown") item.nextElementSibling?.querySelector("button")?.focus();
    else if (key === "ArrowUp" && item.previousElementSibling)
      item.previousElementSibling.querySelector("button")?.focus();
    else if (key === "ArrowUp") onLeave();
    else if ((key === "ArrowRight" && isOpen === "false") || (key === "ArrowLeft" && isOpen === "true"))
      button.click();
    else return;
    event.preventDefault();
  });
}
