import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { aliases } from "../vite.aliases.ts";

/**
 * The demo page, from the library's sources. `npm start` builds it and says, as `__DEMO__`, where its S3 server is;
 * `npx vite --config demo/vite.config.ts` serves it alone, and it asks for a connection.
 */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { alias: aliases },
  define: { __DEMO__: "undefined" },
  worker: { format: "es" },
  build: { emptyOutDir: true, target: "es2022" },
  plugins: [
    // The page's own files, worker, late parts and WebAssembly included: it opens, and writes, without a network.
    VitePWA({
      registerType: "autoUpdate",
      injectRegister: false,
      manifest: {
        name: "Lakota explorer",
        short_name: "Lakota",
        description: "Versioned time series on S3, read and written by a web page",
        theme_color: "#2f5fd0",
        background_color: "#fcfcfa",
        display: "standalone",
        start_url: "./",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: { globPatterns: ["**/*.{html,js,css,wasm,svg}"], clientsClaim: true, skipWaiting: true },
    }),
  ],
  clearScreen: false,
});
