import { CALENDAR_STEPS, type CalendarStep, lengthOf } from "../data/calendar-step.ts";
import { AGGREGATES, type Resample } from "../data/resample.ts";
import { isTimeZone, localZone } from "../data/time-zone.ts";
import { createElement, elementsById } from "../page/dom.ts";
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
  readonly #parts = elementsById({
    shape: "select",
    extremes: "input",
    log: "input",
    resampleStep: "select",
    resampleAggregate: "select",
    zone: "select",
    zoneName: "input",
    zoneNames: "datalist",
    shapeHint: "*",
    extremesLabel: "*",
    logHint: "*",
    resample: "*",
    zoneBox: "*",
    zoneHint: "*",
  });
  readonly #events: MenuEvents;

  constructor(events: MenuEvents) {
    this.#events = events;
    placeBelowButton("chart-menu");
    const option = (value: string) => createElement("option", { text: value, attributes: { value } });
    this.#parts.resampleStep.append(...CALENDAR_STEPS.map(option));
    this.#parts.resampleAggregate.append(...AGGREGATES.map(option));
    this.#parts.shape.addEventListener("change", () =>
      events.shape(LINE_SHAPES.find((shape) => shape === this.#parts.shape.value)),
    );
    this.#parts.extremes.addEventListener("change", () => events.extremes(this.#parts.extremes.checked));
    this.#parts.log.addEventListener("change", () => events.log(this.#parts.log.checked));
    for (const select of [this.#parts.resampleStep, this.#parts.resampleAggregate])
      select.addEventListener("change", () => this.#selectResample());
    this.#parts.zone.addEventListener("change", () => this.#selectZone());
    this.#parts.zoneName.addEventListener("change", () => this.#nameZone());
    this.#parts.zoneNames.append(...Intl.supportedValuesOf("timeZone").map(option));
  }

  /** Shows how the chart is drawn, and what is possible for it. */
  showView(view: View): void {
    this.#parts.shape.value = view.shape ?? "";
    const bars = this.#parts.shape.querySelector<HTMLOptionElement>('[value="bars"]')!;
    bars.disabled = !view.canHaveBars && view.shape !== "bars";
    this.#parts.shapeHint.hidden = view.canHaveBars;
    this.#parts.extremesLabel.hidden = !view.means;
    this.#parts.extremes.checked = view.extremes;
    this.#parts.log.checked = view.log;
    this.#parts.log.disabled = !view.canBeLog && !view.log;
    this.#parts.logHint.hidden = view.canBeLog;
  }

  /** Shows how rows are grouped, and the time zone. */
  showState({ resample, chosenZone, described, time, days, step }: MenuState): void {
    this.#parts.resample.hidden = !time;
    this.#parts.zoneBox.hidden = !time;
    for (const option of this.#parts.resampleStep.options) {
      const length = option.value === "" ? Number.POSITIVE_INFINITY : lengthOf(option.value as CalendarStep);
      option.disabled = length <= step && resample?.step !== option.value;
    }
    this.#parts.resampleStep.value = resample?.step ?? "";
    this.#parts.resampleAggregate.value = resample?.aggregate ?? this.#parts.resampleAggregate.value;
    this.#parts.resampleAggregate.disabled = !resample;
    this.#parts.zone.disabled = days;
    this.#parts.zoneHint.hidden = !days;
    this.#parts.zone.options[0]!.text =
      described && described !== "UTC" ? `${described} (of the data)` : "UTC";
    const utc = this.#parts.zone.querySelector<HTMLOptionElement>('[value="UTC"]')!;
    utc.hidden = !described || described === "UTC";
    this.#parts.zone.querySelector<HTMLOptionElement>('[value="local"]')!.text =
      `${localZone()} (this device)`;
    const isNamed = chosenZone !== undefined && !["local", "UTC"].includes(chosenZone);
    this.#parts.zone.value = isNamed ? OTHER : chosenZone === "UTC" && utc.hidden ? "" : (chosenZone ?? "");
    this.#parts.zoneName.hidden = !isNamed;
    if (isNamed) this.#parts.zoneName.value = chosenZone;
  }

  #selectResample(): void {
    const step = CALENDAR_STEPS.find((each) => each === this.#parts.resampleStep.value);
    const aggregate = AGGREGATES.find((each) => each === this.#parts.resampleAggregate.value) ?? "mean";
    this.#events.resample(step && { step, aggregate });
  }

  #selectZone(): void {
    const { value } = this.#parts.zone;
    this.#parts.zoneName.hidden = value !== OTHER;
    if (value === OTHER) this.#parts.zoneName.focus();
    else this.#events.zone(value === "" ? undefined : value);
  }

  #nameZone(): void {
    const name = this.#parts.zoneName.value.trim();
    const isKnown = name !== "" && isTimeZone(name);
    this.#parts.zoneName.setCustomValidity(isKnown ? "" : "Choose a time zone such as Europe/Brussels.");
    if (isKnown) this.#events.zone(name);
    else this.#parts.zoneName.reportValidity();
  }
}
