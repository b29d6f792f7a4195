import { byId } from "./dom.ts";

/** Distance from the button, and from the edges of the window, in CSS pixels. */
const GAP = 4;

/** Opens an element with the attribute `popover` below the button that shows it, or above where that has more space. */
export function placeBelowButton(id: string): void {
  const menu = byId(id);
  const button = document.querySelector<HTMLElement>(`[popovertarget="${id}"]`);
  if (!button) throw new Error(`No button opens "${id}".`);
  const place = () => {
    const anchor = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const space = document.documentElement.clientWidth - width - GAP;
    const below = anchor.bottom + GAP;
    const fits = below + height <= innerHeight || anchor.top < innerHeight - anchor.bottom;
    const top = fits ? below : Math.max(GAP, anchor.top - GAP - height);
    // Right-aligned on the right half of the window.
    const left = anchor.left + anchor.width / 2 > innerWidth / 2 ? anchor.right - width : anchor.left;
    menu.style.left = `${Math.max(GAP, Math.min(space, left)) + scrollX}px`;
    menu.style.top = `${top + scrollY}px`;
  };
  menu.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") place();
  });
  // What the menu offers may change its size.
  new ResizeObserver(() => menu.matches(":popover-open") && place()).observe(menu);
}
