import { byId } from "../page/dom.ts";
import type { Settings } from "./settings.ts";
import { writeObstacle } from "./write-access.ts";

/**
 * Says why the repository cannot be written, if so, before the user prepares a change. Returns whether it does.
 *
 * @param connect called with the field of the connection that may help, if the user wants to fill it in
 */
export async function explainObstacle(
  settings: Settings,
  connect: (field: keyof Settings) => void,
): Promise<boolean> {
  const obstacle = await writeObstacle(settings);
  if (!obstacle) return false;
  const { title, advice, field } = obstacle;
  const dialog = byId("obstacle", "dialog");
  byId("obstacle-title").textContent = title;
  byId("obstacle-advice").textContent = advice;
  byId("obstacle-connect", "button").textContent = field === "token" ? "Enter a token" : "Enter a key";
  dialog.onclose = () => {
    if (dialog.returnValue === "connect") connect(field);
  };
  dialog.returnValue = "";
  dialog.showModal();
  return true;
}
