interface TrustedTypePolicy {
  /** Returns a TrustedScriptURL, which is a string to those who pass it on. */
  createScriptURL(url: string): string;
}

/** Missing in many browsers. */
declare const trustedTypes: {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
};

/** The policy of this thread. A Content-Security-Policy may allow only one of a name, so it is kept. */
let policy: TrustedTypePolicy | undefined;

/**
 * Starts a worker that a page's own code cannot start as it is written: whose script has another origin, as on a CDN,
 * or in a page that requires Trusted Types.
 *
 * @param start constructs the worker, by the expression that bundlers recognise, with the URL that they put there. It is
 *   not told what is different here: for as long as it runs, the global constructor makes a URL that can be used.
 */
export function startWorker(start: () => Worker): Worker {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(trusted(sameOrigin(`${url}`)), options);
    }
  };
  try {
    return start();
  } finally {
    globalThis.Worker = Worker;
  }
}

/** Returns `url`, or for another origin the URL of a module that imports it: browsers start no worker from that. */
function sameOrigin(url: string): string {
  // Only HTTP counts: webpack, Rspack and Turbopack put `file:` URLs in place of some addresses.
  if (!/^http/.test(url) || new URL(url).origin === globalThis.origin) return url;
  // Not revoked: browsers differ in when they have read it, and it is short.
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: "text/javascript" }));
}

function trusted(url: string): string {
  try {
    policy ??= trustedTypes.createPolicy("lakota", { createScriptURL: (script) => script });
    return policy.createScriptURL(url);
  } catch {
    // There are no Trusted Types, or the page allows other policies only. If it requires them, the constructor says so.
    return url;
  }
}
