import { explainObstacle } from "../connection/obstacle-dialog.ts";
import { SAMPLE_SETTINGS, type Settings } from "../connection/settings.ts";
import { EditDialog } from "../edit/edit-dialog.ts";
import type { FileDialog } from "../files/file-dialog.ts";
import { listenToFiles } from "../files/file-drop.ts";
import type { HistoryEvents } from "../history/history-panel.ts";
import { RevertDialog } from "../history/revert-dialog.ts";
import { byId } from "../page/dom.ts";
import type { ProgressBar } from "../page/progress-bar.ts";
import type { Session } from "../session.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { freshTarget, type Target } from "../state/target.ts";

export interface WritingEvents {
  /** A repository with new data is to be shown. */
  open(settings: Settings, target: Target): void;
  /** The user wants to enter what writing needs in this field of the connection. */
  connect(field: keyof Settings): void;
  announce(sentence: string): void;
  failed(error: unknown): void;
}

/** All by which the user changes data: writing rows, adding a file, and what the history offers. */
export class Writing {
  readonly #session: Session;
  readonly #progress: ProgressBar;
  readonly #events: WritingEvents;
  readonly #edit: EditDialog;
  readonly #revert: RevertDialog;
  #files: FileDialog | undefined;
  /** Whether the generated series are there: on a later visit they may be, too. */
  #hasSample = false;

  constructor(session: Session, progress: ProgressBar, events: WritingEvents) {
    this.#session = session;
    this.#progress = progress;
    this.#events = events;
    const connect = (field: keyof Settings) => events.connect(field);
    this.#edit = new EditDialog({ written: (sentence) => this.#onWritten(sentence), connect });
    this.#revert = new RevertDialog({ reverted: (sentence) => this.#onWritten(sentence), connect });
    byId("edit-open").addEventListener("click", () => this.#openEdit());
    listenToFiles((file) => void this.#addFile(file).catch(events.failed));
  }

  restore(revision: DetailedRevision): void {
    this.#change(() => this.#session.restore(revision));
  }

  merge(): void {
    this.#change(() => this.#session.merge());
  }

  revert(...[collection, revisions, revision]: Parameters<HistoryEvents["revert"]>): void {
    const { settings } = this.#session.page;
    this.#revert.open(settings, collection, revisions, revision).catch(this.#events.failed);
  }

  /** Whether a repository is the sample, and has to be written before it can be opened. */
  isUnwrittenSample({ uri }: Settings): boolean {
    return uri === SAMPLE_SETTINGS.uri && !this.#hasSample;
  }

  /** Writes the repository of generated series, and then opens it. */
  writeSample(target: Target): void {
    const work = async () => {
      const { writeSample } = await import("../sample/sample.ts");
      await writeSample();
      this.#hasSample = true;
      this.#events.open(SAMPLE_SETTINGS, target);
    };
    this.#progress.start();
    work()
      .catch(this.#events.failed)
      .finally(() => this.#progress.end());
  }

  #openEdit(): void {
    const { open, target, settings } = this.#session.page;
    const [label] = target.series;
    if (!open || label === undefined) return;
    this.#edit
      .open(settings, open.collection, open.collection.series(label))
      .catch((error: unknown) => this.#events.announce(String(error)));
  }

  /** Shows how a file would be stored as a series, writes it if the user agrees, and then shows the series. */
  async #addFile(file: File): Promise<void> {
    const { FileDialog } = await import("../files/file-dialog.ts");
    this.#files ??= new FileDialog((settings, collection, series, sentence) => {
      this.#events.announce(sentence);
      this.#events.open(settings, freshTarget(collection, [series]));
    });
    await this.#files.open(file, this.#session.page.settings, this.#session.repo);
  }

  #onWritten(sentence: string): void {
    this.#events.announce(sentence);
    const { target } = this.#session.page;
    this.#session.show({ ...target, moment: undefined, compare: undefined }, true);
  }

  /** Makes a revision, unless the repository cannot be written: then says why. */
  #change(make: () => void): void {
    explainObstacle(this.#session.page.settings, (field) => this.#events.connect(field))
      .then((isObstructed) => {
        if (!isObstructed) make();
      })
      .catch(this.#events.failed);
  }
}
