import { launchWebKit } from "../browsers/webkit.ts";
import { describeEngine } from "./suite.ts";

describeEngine("WebKitGTK", launchWebKit);
