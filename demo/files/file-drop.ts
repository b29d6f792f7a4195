import { byId } from "../page/dom.ts";
import { ACCEPTED } from "./file-kind.ts";

/** Lets the user drop a file anywhere on the page, or choose one. @param onFile called with each file */
export function listenToFiles(onFile: (file: File) => void): void {
  const input = byId("file-input", "input");
  const hint = byId("drop");
  input.accept = ACCEPTED;
  byId("add-file").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) onFile(file);
    input.value = ""; // so that the same file can be chosen again
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hint.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) hint.hidden = true; // it has left the window
  });
  addEventListener("drop", (event) => {
    hint.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    // A dialog that is open asks for something else first.
    if (file && !document.querySelector("dialog[open]")) onFile(file);
  });
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;
