import type { Repo, Schema } from "lakota";
import { isInBrowser, type Settings } from "../connection/settings.ts";
import { createElement, elementsById } from "../page/dom.ts";
import { formatBytes, formatQuantity } from "../page/format.ts";
import { StatusLine } from "../page/status-line.ts";
import { type Choices, NO_CHOICES } from "./choices.ts";
import { fileKind, labelOf } from "./file-kind.ts";
import { fileMessage, openQuestion } from "./file-message.ts";
import { fileOptions } from "./file-options.ts";
import { findPlaces, type Place, schemaOf } from "./place.ts";
import { type Preview, previewFile } from "./preview.ts";
import { previewHead, previewRows } from "./preview-table.ts";
import { writeFile } from "./write-file.ts";

/** A file was written: where, and what to say. */
export type OnWritten = (settings: Settings, collection: string, series: string, sentence: string) => void;

/** The dialog that shows how a file will be stored, and writes it as a series. */
export class FileDialog {
  readonly #parts = elementsById({
    file: "dialog",
    filePlace: "select",
    fileCollection: "input",
    fileSeries: "input",
    fileSort: "input",
    fileProgress: "progress",
    fileWrite: "button",
    fileCancel: "button",
    fileForm: "form",
    fileTitle: "*",
    filePlaceChoice: "*",
    filePlaceNote: "*",
    fileCollections: "datalist",
    fileHead: "*",
    fileBody: "*",
    filePreview: "*",
    fileOptions: "*",
  });
  readonly #status = new StatusLine("file-status");
  readonly #onWritten: OnWritten;
  #file = new File([], "");
  #isCsv = false;
  #choices = NO_CHOICES;
  #found: readonly Place[] = [];
  /** The open repository, which the dialog does not close. */
  #openRepo: Repo | undefined;
  /** Of the collection, if it exists. */
  #schema: Schema | undefined;
  #isReady = false;
  /** Settles when nothing is being written, not even after it was cancelled. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Cancels the preview, or the writing. */
  #request = new AbortController();

  constructor(onWritten: OnWritten) {
    this.#onWritten = onWritten;
    this.#parts.fileCancel.addEventListener("click", () => this.#parts.file.close());
    this.#parts.file.addEventListener("close", () => this.#close());
    this.#parts.filePlace.addEventListener("change", () => this.#showPlace());
    this.#parts.fileCollection.addEventListener("change", () => void this.#preview());
    this.#parts.fileSort.addEventListener("change", () =>
      this.#choose({ ...this.#choices, sort: this.#parts.fileSort.checked }),
    );
    this.#parts.fileForm.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
  }

  /**
   * Opens the dialog for a file.
   *
   * @param settings of the repository that is open
   */
  async open(file: File, settings: Settings, repo: Repo | undefined): Promise<void> {
    this.#file = file;
    this.#choices = NO_CHOICES;
    this.#openRepo = repo;
    this.#parts.fileTitle.textContent = `Add ${file.name}`;
    this.#parts.fileCollection.value = labelOf(file.name);
    this.#parts.fileSeries.value = labelOf(file.name);
    this.#clear();
    this.#status.say("Reading…");
    this.#parts.file.showModal();
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      this.#isCsv = (await fileKind(file)) === "csv";
      const places = await findPlaces(settings, repo);
      if (signal.aborted) return this.#closeRepos(places);
      this.#found = places;
      this.#parts.filePlace.replaceChildren(
        ...places.map(({ name }, i) =>
          createElement("option", { text: name, attributes: { value: String(i) } }),
        ),
      );
      this.#parts.filePlaceChoice.hidden = places.length < 2;
      this.#showPlace();
    } catch (error) {
      if (!signal.aborted) this.#status.say(fileMessage(error), true);
    }
  }

  get #place(): Place | undefined {
    return this.#found[this.#parts.filePlace.selectedIndex];
  }

  #showPlace(): void {
    const place = this.#place;
    if (!place) return;
    const note = this.#parts.filePlaceNote;
    note.textContent = isInBrowser(place.settings)
      ? "The series is kept in this browser, on this device. Clearing the site’s data deletes it."
      : "";
    note.hidden = !isInBrowser(place.settings);
    this.#parts.fileCollections.replaceChildren(
      ...place.collections.map((value) => createElement("option", { attributes: { value } })),
    );
    void this.#preview();
  }

  #choose(choices: Choices): void {
    this.#choices = choices;
    void this.#preview();
  }

  /** Shows the first rows as they would be stored, or why the file cannot be read. */
  async #preview(): Promise<void> {
    const place = this.#place;
    if (!place) return;
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#setReady(false);
    try {
      const schema = await schemaOf(place, this.#parts.fileCollection.value.trim());
      signal.throwIfAborted();
      this.#schema = schema;
      const preview = await previewFile(this.#file, this.#choices, schema, signal);
      if (!signal.aborted) this.#show(preview);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #show(preview: Preview): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    this.#showOptions(preview, undefined);
    const isFixed = this.#schema !== undefined;
    const change = (choices: Choices) => this.#choose(choices);
    this.#parts.fileHead.replaceChildren(previewHead(preview, this.#choices, isFixed, change));
    this.#parts.fileBody.replaceChildren(...previewRows(preview));
    this.#parts.filePreview.hidden = false;
    this.#refocus(focused);
    this.#setReady(true);
    const size = formatBytes(this.#file.size);
    this.#status.say(
      isFixed
        ? `${size}. The rows are added to the collection “${this.#parts.fileCollection.value.trim()}”, which sets the types. Rows that the series has in the range of the file are replaced; the history keeps them.`
        : `${size}. These are the first rows, as they will be stored. Times are UTC.`,
    );
  }

  #fail(error: unknown): void {
    const focused = document.activeElement?.getAttribute("aria-label");
    const question = openQuestion(error);
    if (isUnsorted(error) && !this.#choices.sort) {
      this.#parts.fileSort.checked = true;
      this.#choose({ ...this.#choices, sort: true });
      return;
    }
    this.#showOptions(undefined, question);
    if (question) this.#parts.filePreview.hidden = true;
    this.#refocus(focused);
    this.#status.say(
      question
        ? `The rows do not tell the day from the month in “${question.column}”. Choose how December 31, 2026 would be written there.`
        : fileMessage(error),
      !question,
    );
  }

  #showOptions(preview: Preview | undefined, question: Parameters<typeof fileOptions>[2]): void {
    const options = fileOptions(this.#choices, preview, question, (choices) => this.#choose(choices));
    this.#parts.fileOptions.replaceChildren(...(this.#isCsv ? options : []));
  }

  /** What has just been changed is drawn again, and keeps the focus. */
  #refocus(label: string | null | undefined): void {
    if (!label || document.activeElement !== document.body) return;
    this.#parts.file.querySelector<HTMLElement>(`[aria-label="${CSS.escape(label)}"]`)?.focus();
  }

  async #save(): Promise<void> {
    const place = this.#place;
    if (!place || !this.#isReady) return;
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const [collection, series] = [
      this.#parts.fileCollection.value.trim(),
      this.#parts.fileSeries.value.trim(),
    ];
    this.#setReady(false);
    this.#parts.fileProgress.hidden = false;
    this.#parts.fileProgress.removeAttribute("value");
    this.#status.say("Writing…");
    try {
      const target = { repo: place.repo, collection, series, schema: this.#schema };
      const writing = writeFile(this.#file, this.#choices, target, {
        signal,
        onProgress: (share, rows) => {
          if (signal.aborted) return;
          this.#parts.fileProgress.value = share;
          if (rows > 0) this.#status.say(`Writing: ${formatQuantity(rows, "row")} so far`);
        },
      });
      this.#writing = writing.catch(() => undefined);
      const rows = await writing;
      if (signal.aborted) return;
      const { settings } = place;
      this.#parts.file.close();
      this.#onWritten(settings, collection, series, `${formatQuantity(rows, "row")} written.`);
    } catch (error) {
      if (signal.aborted) return;
      this.#parts.fileProgress.hidden = true;
      this.#setReady(true);
      if (isUnsorted(error)) this.#fail(error);
      else this.#status.say(`Nothing was written. ${fileMessage(error)}`, true);
    }
  }

  #setReady(isReady: boolean): void {
    this.#isReady = isReady;
    this.#parts.fileWrite.disabled = !isReady;
  }

  #clear(): void {
    this.#setReady(false);
    this.#parts.fileSort.checked = false;
    this.#parts.fileProgress.hidden = true;
    this.#parts.filePreview.hidden = true;
    const { fileOptions, fileHead, fileBody } = this.#parts;
    for (const part of [fileOptions, fileHead, fileBody]) part.replaceChildren();
    this.#parts.filePlaceChoice.hidden = true;
    this.#parts.filePlaceNote.hidden = true;
  }

  #close(): void {
    this.#request.abort();
    this.#closeRepos(this.#found);
    this.#found = [];
  }

  #closeRepos(places: readonly Place[]): void {
    const open = this.#openRepo;
    void this.#writing.then(() => {
      for (const { repo } of places) if (repo !== open) repo.close();
    });
  }
}

const isUnsorted = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "unsorted";
