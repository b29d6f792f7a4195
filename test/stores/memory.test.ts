import { MemoryStore } from "../../src/stores/memory.ts";
import { conforms } from "./suite.ts";

conforms("MemoryStore", () => new MemoryStore());
