import { Explorer } from "./explorer.ts";

const explorer = new Explorer();
if (__DEMO__) void explorer.connect(__DEMO__);
else explorer.openForm();
