import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { freePort, untilListening } from "./servers.ts";
import type { Browser } from "./tab.ts";

const DRIVER = "/usr/bin/WebKitWebDriver";
const LIBRARIES = "/usr/lib";

/** Returns the path of WebKitGTK's small browser, which Debian puts beside its libraries. */
function miniBrowser(): string | undefined {
  const candidates = readdirSync(LIBRARIES).flatMap((platform) =>
    ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"].map(
      (library) => `${LIBRARIES}/${platform}/${library}/MiniBrowser`,
    ),
  );
  return candidates.find((path) => existsSync(path));
}

/** WebKitGTK through its WebDriver, with a display of its own. */
export async function launchWebKit(): Promise<Browser> {
  const binary = miniBrowser();
  if (!binary || !existsSync(DRIVER)) throw new Error("WebKitGTK is missing: node scripts/setup.mjs webkit");
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: display.name,
      LC_ALL: "en_US.UTF-8", // the page's language, even where that locale is not installed
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", // it needs user namespaces, which containers lack
    },
  });
  const request = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebDriver ${path}: ${JSON.stringify(value)}`);
    return value;
  };
  const end = () => {
    driver.kill();
    display.process.kill();
  };
  try {
    await untilListening(() => request("GET", "/status"), driver);
  } catch (error) {
    end();
    throw error;
  }
  /** A session is a browser with an empty profile. */
  const newSession = async () => {
    const alwaysMatch = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    return (await request("POST", "/session", { capabilities: { alwaysMatch } })) as {
      sessionId: string;
      capabilities: { browserVersion: string };
    };
  };
  return {
    name: "WebKitGTK",
    async newTab() {
      const { sessionId } = await newSession();
      const at = `/session/${sessionId}`;
      await request("POST", `${at}/timeouts`, { script: 120_000, pageLoad: 120_000 });
      return {
        messages: [],
        goto: async (url) => void (await request("POST", `${at}/url`, { url })),
        async evaluate<T>(body: string) {
          const script = `const done = arguments[arguments.length - 1];
            (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
          const outcome = await request("POST", `${at}/execute/async`, { script, args: [] });
          const { value, error } = outcome as { value: T; error?: string };
          if (error !== undefined) throw new Error(error);
          return value;
        },
        close: async () => void (await request("DELETE", at)),
      };
    },
    async close() {
      end();
    },
  };
}

/** Starts Xvfb, which chooses a free display and reports it. */
async function startDisplay(): Promise<{ name: string; process: ChildProcess }> {
  const process = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1000x700x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const number = await new Promise<string>((resolve, reject) => {
    process.once("error", reject);
    process.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    process.stdio[3]?.once("data", (bytes: Buffer) => resolve(bytes.toString().trim()));
  });
  return { name: `:${number}`, process };
}
