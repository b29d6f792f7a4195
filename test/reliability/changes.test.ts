import { testCells } from "./cells.ts";

testCells("change", "changes");
