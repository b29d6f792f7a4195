import { testCells } from "./cells.ts";

testCells("read", "reads");
