import leven from "leven";

/** Something that the user can do about a {@link Problem}. */
export interface Remedy {
  readonly label: string;
  run(): void;
}

/** Why the page does not show what it was asked for. */
export type Problem =
  | { readonly kind: "error"; readonly error: unknown; readonly retry: () => void }
  | { readonly kind: "cancelled"; readonly retry: () => void }
  | {
      /** Nothing is wrong, but there is nothing to draw, or not what the address names. */
      readonly kind: "nothing";
      readonly title: string;
      readonly advice: string;
      readonly remedies: readonly Remedy[];
      /** Whether another repository may have it. */
      readonly connection: boolean;
    };

interface NothingOptions {
  remedies?: readonly Remedy[];
  connection?: boolean;
}

export const nothing = (
  title: string,
  advice: string,
  { remedies = [], connection = false }: NothingOptions = {},
): Problem => ({ kind: "nothing", title, advice, remedies, connection });

/** Number of names that are suggested in place of one that does not exist. */
const MAX_SUGGESTIONS = 4;

/** Returns the existing names most like one that does not exist: first those that contain it. */
export function suggest(name: string, existing: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const ranked = existing.map((label) => {
    const text = label.toLowerCase();
    const contains = text.includes(wanted) || wanted.includes(text);
    return { label, edits: contains ? 0 : leven(wanted, text), contains };
  });
  const near = ranked.filter(({ label, edits }) => edits <= Math.max(2, label.length / 3));
  const chosen = near.length > 0 ? near : ranked;
  return chosen
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ label }) => label);
}
