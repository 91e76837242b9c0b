// One chart of a finding as an SVG element, drawn by Observable Plot.
import { areaY, axisFy, axisX, axisY, barX, barY, dot, gridX, gridY, lineY, plot, pointer, pointerX, ruleX, ruleY, tip } from "@observablehq/plot";
import { withInterval, shown } from "./numbers.js";

const MOST_MARKERS = 40; // a line of more points is drawn without them
const DASHES = [null, "7 4", "2 3", "9 3 2 3"];
const LETTER = 7.3; // pixels, on average

/** A flat list of values, each with its series; without what a logarithmic axis cannot show. */
export function pointsOf(chart, hidden = new Set()) {
  return chart.series.flatMap((series, number) =>
    hidden.has(number)
      ? []
      : series.x.map((x, i) => ({
          x,
          y: series.y[i],
          low: series.low[i] ?? NaN,
          high: series.high[i] ?? NaN,
          label: series.labels[i] ?? shown(x),
          series: series.name,
          number,
          colour: chart.colours[number % chart.colours.length],
        })),
  );
}

function drawable(point, log) {
  return Number.isFinite(point.x) && Number.isFinite(point.y) && point.y !== null && (!log || point.y > 0);
}

function describe(chart, point) {
  const named = chart.series.find((series) => series.name === point.series)?.labels.length > 0;
  const where = named || chart.kind === "bars" ? point.label : `${chart.x_label} ${shown(point.x)}`;
  return `${point.series ? `${point.series}\n` : ""}${where}\n${withInterval(point)}`;
}

const base = (width, height) => ({
  width,
  height,
  style: { background: "none", color: "inherit", fontSize: "13px", fontFamily: "inherit", overflow: "visible" },
});

/** An axis of few counts, such as epochs, has ticks at those and none between them; else the library's own. */
function wholeTicks(chart) {
  const xs = chart.series.flatMap((series) => series.x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  if (high - low > 8 || !xs.every(Number.isInteger)) return {};
  return { ticks: Array.from({ length: high - low + 1 }, (_, i) => low + i), tickFormat: shown };
}

/** The values' axis and scale. A logarithmic axis ends with its values: a round end may be a power of ten away. */
const valueScale = (log) => ({ type: log ? "log" : "linear", nice: !log, label: null });

/** The same of a chart that shares its scale with others: it holds all of its values, those of hidden series too. */
function sharedScale(chart, log) {
  if (!chart.shared_y?.length) return valueScale(log);
  const values = [...chart.shared_y, ...pointsOf(chart).flatMap(({ y, low, high }) => [y, low, high])]
    .filter((value) => value !== null && Number.isFinite(value) && (!log || value > 0));
  return values.length ? { ...valueScale(log), domain: [Math.min(...values), Math.max(...values)] } : valueScale(log);
}
const valueFormat = (log) => (log ? (value) => shown(value) : undefined);

/** What is said of the value that is pointed at: of lines the nearest along x, wherever the pointer is in height. */
const tipOf = (chart, points, channels) =>
  tip(points, (chart.kind === "lines" ? pointerX : pointer)({ ...channels, title: (point) => describe(chart, point), fontSize: 13, maxRadius: 60 }));

function intervals(points, log) {
  return points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high) && (!log || point.low > 0));
}

function drawLines(chart, width, { log, hidden }) {
  const points = pointsOf(chart, hidden).filter((point) => drawable(point, log));
  const marks = [gridY({ strokeOpacity: 0.15 }), axisY({ label: null, tickSize: 0, tickFormat: valueFormat(log) }), axisX({ label: null, tickSize: 4, ...wholeTicks(chart) })];
  chart.series.forEach((series, number) => {
    if (hidden.has(number)) return;
    const all = pointsOf(chart).filter((point) => point.number === number);
    const stroke = chart.colours[number % chart.colours.length];
    const dash = DASHES[Math.floor(number / chart.colours.length) % DASHES.length];
    const own = all.filter((point) => drawable(point, log));
    if (intervals(own, log).length) {
      marks.push(areaY(intervals(own, log), { x: "x", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.18 }));
    }
    marks.push(lineY(all.map((point) => (drawable(point, log) ? point : { ...point, y: NaN })),
      { x: "x", y: "y", stroke, strokeWidth: 2, strokeDasharray: dash, strokeLinejoin: "round" }));
    if (own.length <= MOST_MARKERS) marks.push(dot(own, { x: "x", y: "y", r: 3, fill: stroke }));
  });
  marks.push(tipOf(chart, points, { x: "x", y: "y" }));
  return plot({
    ...base(width, Math.min(340, Math.max(240, width * 0.5))),
    marginLeft: 52,
    marginBottom: 28,
    marginTop: 12,
    x: { nice: false },
    y: sharedScale(chart, log),
    marks,
  });
}

function drawPoints(chart, width, { log, hidden }) {
  const points = pointsOf(chart, hidden).filter((point) => drawable(point, log));
  return plot({
    ...base(width, Math.min(340, Math.max(240, width * 0.5))),
    marginLeft: 52,
    marginBottom: 28,
    marginTop: 12,
    x: { inset: 10 },
    y: sharedScale(chart, log),
    marks: [
      gridY({ strokeOpacity: 0.15 }),
      axisY({ label: null, tickSize: 0, tickFormat: valueFormat(log) }),
      axisX({ label: null, tickSize: 4, ...wholeTicks(chart) }),
      ruleX(intervals(points, log), { x: "x", y1: "low", y2: "high", stroke: "colour", strokeWidth: 1.5 }),
      dot(points, { x: "x", y: "y", r: 4, fill: "colour" }),
      tipOf(chart, points, { x: "x", y: "y" }),
    ],
    color: { type: "identity" },
  });
}

function categoriesOf(points) {
  const labels = new Map();
  for (const point of points) if (!labels.has(point.x)) labels.set(point.x, point.label);
  return new Map([...labels].sort(([a], [b]) => a - b));
}

function drawBars(chart, width, { log, hidden }) {
  const all = pointsOf(chart, hidden);
  const points = all.filter((point) => drawable(point, log));
  const labels = categoriesOf(all);
  const widest = Math.max(0, ...[...labels.values()].map((label) => label.length)) * LETTER;
  const series = [...new Set(all.map((point) => point.number))];
  const values = points.flatMap((point) => [point.y, point.low, point.high]).filter((value) => Number.isFinite(value) && (!log || value > 0));
  const start = log ? Math.min(...values) / 1.5 : 0;
  const lies = (widest + 12) * labels.size > width - 60;
  // Categories touch, so that grid lines run through; the space between them is inside.
  const category = { domain: [...labels.keys()], label: null, padding: 0 };
  const inner = { domain: series, axis: null, paddingInner: 0.06, paddingOuter: series.length > 1 ? 0.4 : 0.15 };
  const withIntervals = intervals(points, log);
  if (lies) {
    return plot({
      ...base(width, 40 + labels.size * (series.length * 14 + 10)),
      marginLeft: Math.min(widest + 10, width * 0.45),
      marginTop: 4,
      marginBottom: 28,
      marginRight: 12,
      fy: category,
      y: inner,
      x: valueScale(log),
      color: { type: "identity" },
      marks: [
        gridX({ strokeOpacity: 0.15 }),
        axisX({ label: null, tickSize: 0, anchor: "bottom", tickFormat: valueFormat(log) }),
        axisFy({ anchor: "left", label: null, tickFormat: (x) => labels.get(x) }),
        barX(points, { fy: "x", y: "number", x1: () => start, x2: "y", fill: "colour" }),
        ruleY(withIntervals, { fy: "x", y: "number", x1: "low", x2: "high", strokeWidth: 1.5 }),
        ruleX([start], { strokeOpacity: 0.6 }),
        tipOf(chart, points, { fy: "x", y: "number", x: "y" }),
      ],
    });
  }
  return plot({
    ...base(width, 300),
    marginLeft: 52,
    marginBottom: 28,
    marginTop: 12,
    fx: { ...category, tickFormat: (x) => labels.get(x), axis: "bottom" },
    x: inner,
    y: valueScale(log),
    color: { type: "identity" },
    marks: [
      gridY({ strokeOpacity: 0.15 }),
      axisY({ label: null, tickSize: 0, tickFormat: valueFormat(log) }),
      barY(points, { fx: "x", x: "number", y1: () => start, y2: "y", fill: "colour" }),
      ruleX(withIntervals, { fx: "x", x: "number", y1: "low", y2: "high", strokeWidth: 1.5 }),
      ruleY([start], { strokeOpacity: 0.6 }),
      tipOf(chart, points, { fx: "x", x: "number", y: "y" }),
    ],
  });
}

const DRAWERS = { lines: drawLines, points: drawPoints, bars: drawBars };

/** What a drawing needs: `log` scale or not, numbers of the `hidden` series. */
export function draw(chart, width, state) {
  const svg = DRAWERS[chart.kind](chart, Math.round(width), state);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${chart.title}. ${chart.y_label} over ${chart.x_label}`);
  return svg;
}

export const dashOf = (chart, number) => DASHES[Math.floor(number / chart.colours.length) % DASHES.length];
