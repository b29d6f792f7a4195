import { nothing, type Problem, type Remedy } from "../state/problem.ts";

/** What a visitor can begin with. */
export interface WelcomeActions {
  sample(): void;
  connect(): void;
  addFile(): void;
}

/** Returns what the page says where neither its build nor the link contains a repository. */
export function welcome(actions: WelcomeActions, recent: readonly Remedy[]): Problem {
  const advice =
    "To look around, open the sample: generated data that need no server. Or connect to a bucket or a published repository, or add a file of your own, which stays in this browser.";
  const remedies = [
    { label: "Open the sample", run: actions.sample },
    { label: "Connect to a repository", run: actions.connect },
    { label: "Add a file", run: actions.addFile },
    ...recent,
  ];
  return nothing("No repository is open", advice, { remedies });
}
