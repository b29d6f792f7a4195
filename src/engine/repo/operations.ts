/** Everything on a repo but finding collections, as one lazily loaded part: readers never need it. */
export { clone } from "./clone.ts";
export { createCollection } from "./create-collection.ts";
export { deleteCollection } from "./delete-collection.ts";
export { gc } from "./gc.ts";
export { Publisher } from "./publish.ts";
export { sync } from "./pull-push.ts";
export { renameCollection } from "./rename-collection.ts";
export { Sender } from "./send.ts";
export { verify } from "./verify.ts";
