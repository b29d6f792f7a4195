import * as steps from "./steps.js";

window.steps = steps;
