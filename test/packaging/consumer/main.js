import { connect, Schema } from "lakota";
import { show } from "./rows.js";

show(connect, Schema);
