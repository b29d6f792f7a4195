import { formatSettings, type Settings } from "../connection/settings.ts";
import { formatTarget, isStep, parseTarget, type Target } from "../state/target.ts";
import { isEmbedded, withEmbed } from "./embed.ts";

/** The address of the page, which names what it shows. */
export class Address {
  #written: Target | undefined;

  /** @param onMove called when the user goes back or forward, edits the address or follows a link within the page */
  constructor(onMove: (target: Target) => void) {
    addEventListener("popstate", () => {
      this.#written = this.read();
      onMove(this.#written);
    });
  }

  read(): Target {
    return parseTarget(location.hash);
  }

  /**
   * Names a target. What Back undoes becomes an entry of the history; a zoom replaces the latest one.
   *
   * @param settings repository for the query of the address, without keys; undefined for the page's default one
   */
  write(target: Target, settings: Settings | undefined): void {
    const former = this.#written ?? this.read();
    this.#written = target;
    const address = withEmbed(this.linkTo(target, settings), isEmbedded(location.search));
    if (address === location.href) return;
    if (isStep(former, target)) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  /** Returns a link to a target. @param settings as of {@link write} */
  linkTo(target: Target, settings: Settings | undefined): string {
    const query = settings ? formatSettings(settings) : "";
    return `${location.origin}${location.pathname}${query}${formatTarget(target)}`;
  }
}
