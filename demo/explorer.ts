import { connectionName } from "./connection/connect.ts";
import { ConnectionForm } from "./connection/connection-form.ts";
import { ConnectionStatus } from "./connection/connection-status.ts";
import { KnownRepos } from "./connection/known-repos.ts";
import { localStorageOrNone, RecentRepos } from "./connection/recent-repos.ts";
import { EMPTY_SETTINGS, isInBrowser, SAMPLE_SETTINGS, type Settings } from "./connection/settings.ts";
import { ShownView } from "./explorer/shown-view.ts";
import { Writing } from "./explorer/writing.ts";
import { HistoryPanel } from "./history/history-panel.ts";
import { Address } from "./page/address.ts";
import { showCollectionInfo } from "./page/collection-info.ts";
import { CopyButton } from "./page/copy-button.ts";
import { byId } from "./page/dom.ts";
import { embedCode } from "./page/embed.ts";
import { FilterBox } from "./page/filter-box.ts";
import { LiveButton } from "./page/live-button.ts";
import { MessagePanel } from "./page/message-panel.ts";
import { OfflinePanel } from "./page/offline-panel.ts";
import { ProgressBar } from "./page/progress-bar.ts";
import { onShortcut } from "./page/shortcut.ts";
import { Sidebar } from "./page/sidebar.ts";
import { Toolbar } from "./page/toolbar.ts";
import { UnconfirmedNote } from "./page/unconfirmed-note.ts";
import { welcome } from "./page/welcome.ts";
import { Session } from "./session.ts";
import { hasAllLabels, type Page, titleOf } from "./state/page-state.ts";
import { freshTarget, NO_TARGET, type Target } from "./state/target.ts";

/** The page: draws the state of the session, and passes what the user does to it. */
export class Explorer {
  readonly #session: Session;
  readonly #view: ShownView;
  readonly #writing: Writing;
  readonly #address = new Address((target) => this.#session.show(target));
  /** Shows an error that occurred outside of requests. */
  readonly #onError = (error: unknown) => this.#session.fail(error);
  readonly #form = new ConnectionForm((settings) => this.connect(settings, undefined, true));
  readonly #known: KnownRepos;
  readonly #connection = new ConnectionStatus(() => this.#session.reload());
  readonly #message = new MessagePanel(() => this.openForm());
  readonly #progress = new ProgressBar();
  readonly #sidebar = new Sidebar({
    collection: (label) => this.#session.select(label),
    series: (labels, collection) => this.#session.select(collection, labels),
    open: (collection, signal) => this.#session.collection(collection, signal),
    failed: this.#onError,
  });
  readonly #toolbar = new Toolbar({
    range: (range) => this.#session.show({ ...this.#target, range, view: undefined }),
    columns: (columns) => this.#session.show({ ...this.#target, columns }, true),
    keys: (keys) => this.#session.show({ ...this.#target, keys }, true),
  });
  readonly #filter = new FilterBox((where) => this.#session.show({ ...this.#target, where }, true));
  readonly #unconfirmed = new UnconfirmedNote((text) => announce(text));
  readonly #live = new LiveButton((sentence) => this.#onUpdate(sentence), byId("live-toggle"));
  readonly #offline = new OfflinePanel(this.#onError);
  readonly #history = new HistoryPanel({
    show: (parts) => this.#session.show({ ...this.#target, ...parts }, true),
    restore: (revision) => this.#writing.restore(revision),
    revert: (...change) => this.#writing.revert(...change),
    merge: () => this.#writing.merge(),
    zoom: (x) => this.#view.zoomTo(x),
    marks: (marks) => {
      this.#view.marks = marks;
    },
  });

  /**
   * @param home the page's default repository, which links to the page do not have to contain
   */
  constructor(home: Settings | undefined) {
    this.#session = new Session(home, {
      changed: (page, former) => this.#show(page, former),
      reading: (repo) => this.#view.beginRead(repo),
      progress: (progress) => this.#progress.show(progress),
      draw: (source, options) => this.#view.draw(source, options),
      settled: () => this.#onSettled(),
      unconfirmed: () => this.#connection.failed(),
    });
    this.#view = new ShownView(this.#session, {
      progress: this.#progress,
      announce,
      failed: this.#onError,
    });
    this.#writing = new Writing(this.#session, this.#progress, {
      open: (settings, target) => this.connect(settings, target),
      connect: (field) => this.openForm(field),
      announce,
      failed: this.#onError,
    });
    const open = (settings: Settings, target: Target) => {
      this.#form.close();
      this.connect(settings, target);
    };
    this.#known = new KnownRepos(new RecentRepos(localStorageOrNone()), home, {
      open: (settings) => open(settings, NO_TARGET),
      sample: () => open(SAMPLE_SETTINGS, freshTarget("weather")),
    });
    byId("connection").addEventListener("click", () => this.openForm());
    byId("keys-open").addEventListener("click", () => this.#showKeys());
    onShortcut("?", () => this.#showKeys());
    byId("cancel").addEventListener("click", () => {
      if (!this.#view.cancelExport()) this.#session.cancel();
    });
    this.#addCopyButtons();
  }

  /** Shows the page where neither its build nor the link contains a repository. */
  welcome(): void {
    const recent = this.#known.recent(EMPTY_SETTINGS).map((settings) => ({
      label: connectionName(settings),
      run: () => this.connect(settings, NO_TARGET),
    }));
    const actions = {
      sample: () => this.connect(SAMPLE_SETTINGS, freshTarget("weather")),
      connect: () => this.openForm(),
      addFile: () => byId("add-file").click(),
    };
    this.#message.show(welcome(actions, recent));
  }

  /** @param field to begin with */
  openForm(field?: keyof Settings): void {
    const { settings } = this.#session.page;
    this.#known.show(settings);
    this.#form.open(settings, field);
  }

  /**
   * Opens a repository.
   *
   * @param target what to show. Default: what the page's address names
   * @param orFirst whether the first collection is shown instead of one that is missing
   */
  connect(settings: Settings, target = this.#address.read(), orFirst = false): void {
    if (this.#writing.isUnwrittenSample(settings)) {
      this.#writing.writeSample(target);
      return;
    }
    this.#connection.connecting(connectionName(settings));
    void this.#session.connect(settings, target, orFirst);
  }

  get #target(): Target {
    return this.#session.page.target;
  }

  /** Draws a state of the page. Parts that draw what has not changed are left alone. */
  #show(page: Page, former: Page): void {
    const { open, shown, target, busy, confirmation } = page;
    const title = titleOf(page);
    byId("title").textContent = title;
    document.title = `${title} · Lakota`;
    if (target !== former.target && page.connection === "open")
      this.#address.write(target, this.#session.sharedSettings);
    if (busy !== former.busy) this.#showBusy(busy);
    if (open !== former.open || page.collections !== former.collections || target !== former.target)
      this.#sidebar.show(page);
    if (open !== former.open || shown?.info !== former.shown?.info) showCollectionInfo(page);
    if (open?.collection !== former.open?.collection) {
      this.#live.stop();
      this.#offline.hide();
    }
    if (open !== former.open || shown !== former.shown || target !== former.target || busy !== former.busy)
      this.#toolbar.show(page);
    this.#filter.show(page);
    if (page.connection === "open" && former.connection !== "open" && page.collections.length > 0)
      this.#known.opened(page.settings);
    byId("copy-embed").hidden = isInBrowser(page.settings);
    this.#history.show(page);
    this.#view.show(page, former);
    if (shown && open && shown.series !== former.shown?.series)
      this.#live.follow(open.collection, target.series);
    if (page.connection === "failed" && former.connection !== "failed") this.#connection.failed();
    if (confirmation !== former.confirmation) this.#unconfirmed.show(confirmation);
    // The store may not have answered: the status knows, and tries again.
    const isNewError = page.problem?.kind === "error" && page.problem !== former.problem;
    if (isNewError && page.connection === "open" && confirmation !== "failed")
      void this.#connection.show(this.#session.repo, open?.collection);
    const sentence = this.#message.show(page.problem);
    if (sentence) announce(sentence);
  }

  #showBusy(busy: boolean): void {
    if (busy) {
      byId("main").setAttribute("aria-busy", "true");
      this.#progress.start();
    } else {
      this.#progress.end();
      byId("main").removeAttribute("aria-busy");
    }
  }

  async #onSettled(): Promise<void> {
    const { repo, page } = this.#session;
    await this.#connection.show(repo, page.open?.collection);
    if (repo && page.open && page.shown && !isInBrowser(page.settings))
      await this.#offline.show(
        repo,
        page.open.collection,
        hasAllLabels(page.open) ? page.open.labels : undefined,
      );
  }

  #showKeys(): void {
    import("./page/keys-dialog.ts").then(({ showKeys }) => showKeys()).catch(this.#onError);
  }

  #addCopyButtons(): void {
    new CopyButton("copy-link", { what: "Link", text: () => location.href, announce });
    const embed = () => embedCode(location.href, document.title);
    new CopyButton("copy-embed", { what: "Embed code", text: embed, announce });
    const linkToMoment = () => {
      const { selectedMoment: moment } = this.#history;
      return moment && this.#address.linkTo({ ...this.#target, moment }, this.#session.sharedSettings);
    };
    new CopyButton("copy-moment", { what: "Link", text: linkToMoment, announce });
  }

  /** Live mode has started, or has found revisions of other writers. */
  #onUpdate(sentence: string): void {
    announce(sentence);
    if (this.#target.moment === undefined) this.#session.reload();
  }
}

/** Has a screen reader read a text aloud. */
function announce(text: string): void {
  byId("live").textContent = text;
}
