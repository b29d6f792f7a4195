import { type Collection, connect, type ReadOptions, type Repo, Schema, type Series } from "lakota";
import { useCollection, useDownsampled, useRepo, useSeries, useSuspenseSeries } from "lakota/react";
import { Component, type ReactNode, StrictMode, Suspense } from "react";
import { createRoot, type Root } from "react-dom/client";

const schema = new Schema({ t: "int*", x: "float" });
const started: Worker[] = [];
const ended = new Set<Worker>(); // a worker is terminated again after a while, in case that it did not end

window.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    if (/worker/.test(String(url))) started.push(this);
  }

  override terminate(): void {
    ended.add(this);
    super.terminate();
  }
};

class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <button type="button" onClick={() => this.setState({ error: undefined })}>
        {String(error)}
      </button>
    );
  }
}

function Opened({ endpoint, label }: { endpoint: string; label: string }) {
  // A new function each time.
  const credentials = async () => ({ accessKeyId: "id", secretAccessKey: "secret" });
  const repo = useRepo("s3://data/repo", { endpoint, credentials });
  return <p>{useCollection(repo, label).label}</p>;
}

interface Shown {
  collection: Collection;
  label: string;
  start?: number;
}

function Rows({ collection, label, start }: Shown) {
  const { data, error, isLoading } = useSeries(collection, label, { start, every: 20 });
  return <p>{`${data?.length} rows, ${error}, ${isLoading}`}</p>;
}

function Tail({ collection, label }: Shown) {
  const { data } = useSeries(collection, label, { tail: 2, numbers: true, live: false });
  return <p>{data?.numbers("t").join()}</p>;
}

function Suspended({ collection, label }: Shown) {
  return <p>{useSuspenseSeries(collection, label, { live: false }).length} rows</p>;
}

function Points({ collection, label, start }: Shown) {
  const { data } = useDownsampled(collection, label, { start, points: 4, every: 20 });
  return <p>{data ? `${data.rows} rows in ${data.columns.x!.x.length} points` : "none"}</p>;
}

const components = { Rows, Tail, Suspended, Points };

const steps = {
  root: undefined as Root | undefined,
  repo: undefined as Repo | undefined,
  collection: undefined as Collection | undefined,
  signals: [] as AbortSignal[],

  workers: () => [started.length, ended.size],

  async open(): Promise<void> {
    steps.repo = await connect("memory://");
    steps.collection = await steps.repo.createCollection(schema, "c");
    await steps.write("s", 0, 100);
  },

  async write(label: string, from: number, rows: number): Promise<void> {
    const t = Array.from({ length: rows }, (_, row) => from + row);
    await steps.collection!.series(label).write({ t, x: t });
  },

  /** Makes reads hang until they are aborted: all, or those with a start. */
  hold(which: "all" | "with start"): void {
    const collection = steps.collection!;
    const held = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        steps.signals.push(signal);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const read = (series: Series) => (options: ReadOptions) =>
      which === "all" || options.start !== undefined ? held(options.signal!) : series.read(options);
    const bound = <T extends object>(target: T, key: keyof T) => {
      const value = target[key];
      return typeof value === "function" ? value.bind(target) : value;
    };
    const series = (label: string) =>
      new Proxy(collection.series(label), {
        get: (target, key) => (key === "read" ? read(target) : bound(target, key as keyof Series)),
      });
    steps.collection = new Proxy(collection, {
      get: (target, key) => (key === "series" ? series : bound(target, key as keyof Collection)),
    });
  },

  aborted: () => steps.signals.map(({ aborted }) => aborted),

  show(name: keyof typeof components, label: string, start?: number): void {
    const Shown = components[name];
    steps.render(<Shown collection={steps.collection!} label={label} start={start} />);
  },

  openAll(endpoint: string, labels: readonly string[]): void {
    steps.render(labels.map((label) => <Opened key={label} endpoint={endpoint} label={label} />));
  },

  render(children: ReactNode): void {
    steps.root ??= createRoot(document.querySelector("main")!);
    steps.root.render(
      <StrictMode>
        <Boundary>
          <Suspense fallback={<p>suspended</p>}>{children}</Suspense>
        </Boundary>
      </StrictMode>,
    );
  },

  unmount(): void {
    steps.root?.unmount();
    steps.root = undefined;
  },
};

declare global {
  interface Window {
    hooks: typeof steps;
  }
}

window.hooks = steps;
