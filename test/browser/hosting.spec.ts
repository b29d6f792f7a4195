import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { type FolderOptions, type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

/** The headers of docs/hosting.md, on the built package. */

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const ROWS = 200_000;
const POLICY = "require-trusted-types-for 'script'; trusted-types lakota";
const ISOLATED = { "cross-origin-opener-policy": "same-origin" };

let s3: S3Server;
const servers: StaticServer[] = [];

test.beforeEach(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
});
test.afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await s3.close();
});

/** Serves the package, and an app that imports it from `library` and writes, reads and downsamples. */
async function serveApp(headers: FolderOptions["headers"], library = ""): Promise<StaticServer> {
  const app = `
    import { connect, Schema } from "${library}/index.js";
    const output = document.querySelector("output");
    const notes = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => notes.push(violatedDirective));
    try {
      const options = {
        endpoint: ${JSON.stringify(s3.url)},
        credentials: { accessKeyId: "id", secretAccessKey: "secret" },
        decoders: 1,
        onWarning: (warning) => notes.push(warning),
      };
      const repo = await connect("s3://data/repo", options);
      const collection = await repo.createCollection(new Schema({ t: "int*", x: "float" }), "c");
      const series = collection.series("s");
      await series.write({
        t: Float64Array.from({ length: ${ROWS} }, (_, row) => row),
        x: Float64Array.from({ length: ${ROWS} }, (_, row) => Math.sin(row)),
      });
      const { length } = await series.read();
      const { columns } = await series.downsample({ points: 100 });
      const isolated = crossOriginIsolated ? ", isolated" : "";
      output.textContent = [\`\${length} rows, \${columns.x.x.length} points\${isolated}\`, ...notes].join("; ");
    } catch (error) {
      output.textContent = \`\${error.code}: \${error.message}\`;
    }`;
  const page =
    '<!doctype html><meta charset="utf-8"><output></output><script type="module" src="/app.js"></script>';
  const server = await serveFolder(DIST, {
    instead: { "/index.html": page, "/app.js": app },
    ...(headers && { headers }),
  });
  servers.push(server);
  return server;
}

async function serveLibrary(): Promise<StaticServer> {
  const server = await serveFolder(DIST, { cors: true });
  servers.push(server);
  return server;
}

const errors: string[] = [];
async function outcome(page: Page, url: string): Promise<string> {
  errors.length = 0;
  page.on("console", (message) => {
    const isIcon = message.location().url.endsWith("/favicon.ico");
    if (message.type() === "error" && !isIcon) errors.push(message.text());
  });
  await page.goto(url);
  await expect(page.locator("output")).not.toBeEmpty();
  return page.locator("output").innerText();
}

/** Both workers and both modules were loaded, and nothing was refused. */
async function expectComplete(
  page: Page,
  site: StaticServer,
  files: StaticServer,
  result: RegExp,
): Promise<void> {
  expect(await outcome(page, site.url)).toMatch(result);
  for (const file of ["worker.js", "decoder.js", "decoder.wasm", "encoder.wasm"])
    await expect.poll(() => files.answers).toContain(`200 /${file}`);
  expect(errors).toEqual([]);
}

const DONE = /^200000 rows, \d+ points$/;
const DONE_ISOLATED = /^200000 rows, \d+ points, isolated$/;

test("the strictest Content-Security-Policy, with Trusted Types, on all files", async ({ page }) => {
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ${s3.url}; ${POLICY}`;
  const site = await serveApp(() => ({ "content-security-policy": policy }));
  await expectComplete(page, site, site, DONE);
});

test("the same policy on the page alone needs no WebAssembly", async ({ page }) => {
  const policy = `default-src 'none'; script-src 'self'; worker-src 'self'; ${POLICY}`;
  const site = await serveApp(
    (path): Readonly<Record<string, string>> =>
      path === "/index.html" ? { "content-security-policy": policy } : {},
  );
  await expectComplete(page, site, site, DONE);
});

test("a policy for the library on another origin, with Trusted Types", async ({ page }) => {
  const library = await serveLibrary();
  const policy =
    `default-src 'none'; script-src 'self' ${library.url} 'wasm-unsafe-eval'; worker-src blob: ${library.url}; ` +
    `connect-src ${library.url} ${s3.url}; ${POLICY}`;
  const site = await serveApp(() => ({ "content-security-policy": policy }), library.url);
  await expectComplete(page, site, library, DONE);
});

for (const value of ["require-corp", "credentialless"]) {
  const headers = { ...ISOLATED, "cross-origin-embedder-policy": value };

  test(`a cross-origin isolated page: ${value}`, async ({ page }) => {
    const site = await serveApp(() => headers);
    await expectComplete(page, site, site, DONE_ISOLATED);
  });

  test(`a cross-origin isolated page with the library on another origin: ${value}`, async ({ page }) => {
    const library = await serveLibrary();
    const site = await serveApp(() => headers, library.url);
    await expectComplete(page, site, library, DONE_ISOLATED);
  });
}

test.describe("what is missing is named", () => {
  test("Cross-Origin-Embedder-Policy on worker.js", async ({ page }) => {
    const headers = { ...ISOLATED, "cross-origin-embedder-policy": "require-corp" };
    const site = await serveApp(
      (path): Readonly<Record<string, string>> => (path === "/index.html" ? headers : {}),
    );
    expect(await outcome(page, site.url)).toMatch(/^crashed: .*worker\.js.*Cross-Origin-Embedder-Policy/);
  });

  test("the policy `lakota` in trusted-types", async ({ page }) => {
    const policy = "require-trusted-types-for 'script'; trusted-types other";
    const site = await serveApp(() => ({ "content-security-policy": policy }));
    expect(await outcome(page, site.url)).toMatch(/^crashed: .*Trusted.*trusted-types lakota/);
  });

  test("'wasm-unsafe-eval' in script-src", async ({ page }) => {
    const site = await serveApp(() => ({ "content-security-policy": "script-src 'self'" }));
    expect(await outcome(page, site.url)).toMatch(/^unsupported: .*'wasm-unsafe-eval' to its script-src/);
  });

  test("the store in connect-src", async ({ page }) => {
    const site = await serveApp(() => ({ "content-security-policy": "connect-src 'self'" }));
    expect(await outcome(page, site.url)).toMatch(/^network: .*connect-src.*CORS/);
  });

  test("decoder.wasm, where a page comes in its place", async ({ page }) => {
    const site = await serveApp(undefined);
    await page.route("**/decoder.wasm", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html>" }),
    );
    expect(await outcome(page, site.url)).toMatch(/^network: .*http:.*\/decoder\.wasm.*not the WebAssembly/);
  });
});
