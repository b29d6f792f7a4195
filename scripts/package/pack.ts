import { PACKAGES, packPackage } from "./stage.ts";

/** `npm run pack`: packs both packages as they would be published, to be installed from the checkout. */
const FOLDER = ".cache/package";
for (const folder of PACKAGES) console.log(packPackage(folder, FOLDER).tarball);
