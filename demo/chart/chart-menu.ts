import { CALENDAR_STEPS, type CalendarStep, lengthOf } from "../data/calendar-step.ts";
import { AGGREGATES, type Resample } from "../data/resample.ts";
import { isTimeZone, localZone } from "../data/time-zone.ts";
import { byId, createElement } from "../page/dom.ts";
import { placeBelowButton } from "../page/popover-menu.ts";
import { LINE_SHAPES, type LineShape } from "./chart-data.ts";
import type { View } from "./describe-view.ts";

export interface MenuEvents {
  /** How lines are drawn; undefined: as suits each. */
  shape(shape: LineShape | undefined): void;
  extremes(on: boolean): void;
  log(on: boolean): void;
  /** How rows are grouped; undefined: not at all. */
  resample(resample: Resample | undefined): void;
  /** A time zone, or `local`; undefined: that of the collection. */
  zone(zone: string | undefined): void;
}

/** What the menu offers of the series that is shown. */
export interface MenuState {
  resample: Resample | undefined;
  /** As chosen: see {@link MenuEvents.zone}. */
  chosenZone: string | undefined;
  /** The time zone of the collection, if it is known. */
  described: string | undefined;
  /** Whether x is a time, and whether it is one of days, which have no time zone. */
  time: boolean;
  days: boolean;
  /** The smallest distance between two rows; 0 if it is not known. */
  step: number;
}

const OTHER = "other";

/** The menu of how the chart is drawn. */
export class ChartMenu {
  readonly #shape = byId("shape", HTMLSelectElement);
  readonly #extremes = byId("extremes", HTMLInputElement);
  readonly #log = byId("log", HTMLInputElement);
  readonly #step = byId("resample-step", HTMLSelectElement);
  readonly #aggregate = byId("resample-aggregate", HTMLSelectElement);
  readonly #zone = byId("zone", HTMLSelectElement);
  readonly #zoneName = byId("zone-name", HTMLInputElement);
  readonly #events: MenuEvents;

  constructor(events: MenuEvents) {
    this.#events = events;
    placeBelowButton("chart-menu");
    const option = (value: string) => createElement("option", { text: value, attributes: { value } });
    this.#step.append(...CALENDAR_STEPS.map(option));
    this.#aggregate.append(...AGGREGATES.map(option));
    this.#shape.addEventListener("change", () =>
      events.shape(LINE_SHAPES.find((shape) => shape === this.#shape.value)),
    );
    this.#extremes.addEventListener("change", () => events.extremes(this.#extremes.checked));
    this.#log.addEventListener("change", () => events.log(this.#log.checked));
    for (const select of [this.#step, this.#aggregate])
      select.addEventListener("change", () => this.#selectResample());
    this.#zone.addEventListener("change", () => this.#selectZone());
    this.#zoneName.addEventListener("change", () => this.#nameZone());
    byId("zone-names", HTMLDataListElement).append(...Intl.supportedValuesOf("timeZone").map(option));
  }

  /** Shows how the chart is drawn, and what is possible for it. */
  showView(view: View): void {
    this.#shape.value = view.shape ?? "";
    const bars = this.#shape.querySelector<HTMLOptionElement>('[value="bars"]')!;
    bars.disabled = !view.canHaveBars && view.shape !== "bars";
    byId("shape-hint", HTMLElement).hidden = view.canHaveBars;
    byId("extremes-label", HTMLElement).hidden = !view.means;
    this.#extremes.checked = view.extremes;
    this.#log.checked = view.log;
    this.#log.disabled = !view.canBeLog && !view.log;
    byId("log-hint", HTMLElement).hidden = view.canBeLog;
  }

  /** Shows how rows are grouped, and the time zone. */
  showState({ resample, chosenZone, described, time, days, step }: MenuState): void {
    byId("resample", HTMLElement).hidden = !time;
    byId("zone-box", HTMLElement).hidden = !time;
    for (const option of this.#step.options) {
      const length = option.value === "" ? Number.POSITIVE_INFINITY : lengthOf(option.value as CalendarStep);
      option.disabled = length <= step && resample?.step !== option.value;
    }
    this.#step.value = resample?.step ?? "";
    this.#aggregate.value = resample?.aggregate ?? this.#aggregate.value;
    this.#aggregate.disabled = !resample;
    this.#zone.disabled = days;
    byId("zone-hint", HTMLElement).hidden = !days;
    this.#zone.options[0]!.text = described && described !== "UTC" ? `${described} (of the data)` : "UTC";
    const utc = this.#zone.querySelector<HTMLOptionElement>('[value="UTC"]')!;
    utc.hidden = !described || described === "UTC";
    this.#zone.querySelector<HTMLOptionElement>('[value="local"]')!.text = `${localZone()} (this device)`;
    const isNamed = chosenZone !== undefined && !["local", "UTC"].includes(chosenZone);
    this.#zone.value = isNamed ? OTHER : chosenZone === "UTC" && utc.hidden ? "" : (chosenZone ?? "");
    this.#zoneName.hidden = !isNamed;
    if (isNamed) this.#zoneName.value = chosenZone;
  }

  #selectResample(): void {
    const step = CALENDAR_STEPS.find((each) => each === this.#step.value);
    const aggregate = AGGREGATES.find((each) => each === this.#aggregate.value) ?? "mean";
    this.#events.resample(step && { step, aggregate });
  }

  #selectZone(): void {
    const { value } = this.#zone;
    this.#zoneName.hidden = value !== OTHER;
    if (value === OTHER) this.#zoneName.focus();
    else this.#events.zone(value === "" ? undefined : value);
  }

  #nameZone(): void {
    const name = this.#zoneName.value.trim();
    const isKnown = name !== "" && isTimeZone(name);
    this.#zoneName.setCustomValidity(isKnown ? "" : "Choose a time zone such as Europe/Brussels.");
    if (isKnown) this.#events.zone(name);
    else this.#zoneName.reportValidity();
  }
}
