/** One tab of a browser, with cookies and storage of its own. */
export interface Tab {
  goto(url: string): Promise<void>;
  /** Runs the body of an async function in the page and returns its result, which must be JSON. */
  evaluate<T>(body: string): Promise<T>;
  /** What the page wrote to its console as errors, where the driver knows. */
  readonly messages: readonly string[];
  close(): Promise<void>;
}

/** A running browser. All three drivers have this interface, so that a test runs in each of them. */
export interface Browser {
  /** As in "Chromium 156". */
  readonly name: string;
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}
