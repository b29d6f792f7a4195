import { launchFirefox } from "../browsers/firefox.ts";
import { describeEngine } from "./suite.ts";

describeEngine("Firefox", launchFirefox);
