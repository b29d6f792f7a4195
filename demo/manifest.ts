import type { ManifestOptions } from "vite-plugin-pwa";

/** What an installed explorer is: the web app manifest, without paths that the build adds. */
export const MANIFEST: Partial<ManifestOptions> = {
  id: "./",
  name: "Lakota explorer",
  short_name: "Lakota",
  description: "Browse, chart and write versioned time series on S3, without a server in between",
  lang: "en",
  dir: "ltr",
  categories: ["productivity", "utilities"],
  theme_color: "#fcfcfa",
  background_color: "#fcfcfa",
  display: "standalone",
  start_url: "./",
  scope: "./",
  icons: [
    { src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
    { src: "icons/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
    { src: "icons/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
    { src: "icons/maskable-192.png", sizes: "192x192", type: "image/png", purpose: "maskable" },
    { src: "icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
  screenshots: [
    {
      src: "screenshots/wide.png",
      sizes: "1280x800",
      type: "image/png",
      form_factor: "wide",
      label: "A chart of generated data on a desktop",
    },
    {
      src: "screenshots/narrow.png",
      sizes: "390x844",
      type: "image/png",
      form_factor: "narrow",
      label: "A chart of generated data on a phone",
    },
  ],
  shortcuts: [
    {
      name: "Open the sample",
      short_name: "Sample",
      description: "Generated data that needs no server",
      url: "./?uri=indexeddb%3A%2F%2Fsample",
      icons: [{ src: "icons/icon-192.png", sizes: "192x192", type: "image/png" }],
    },
  ],
};
