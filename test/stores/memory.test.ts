import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { conforms } from "./suite.ts";

conforms("MemoryStore", () => new MemoryStore());
