// Every figure of class "chart" holds a drawing that needs no script and its numbers as JSON. The drawing is replaced by
// one that answers to the pointer, fits the width, and has a legend that hides series, a log switch and buttons to save.
import { dashOf, draw, pointsOf } from "./draw.js";
import { pngOf, savePng, saveSvg, standalone } from "./save.js";
import { withInterval } from "./numbers.js";

function node(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function legendOf(chart, state, redraw) {
  const list = node("ul", { className: "legend" });
  if (chart.series.length < 2) return list;
  chart.series.forEach((series, number) => {
    const swatch = node("span", { className: chart.kind === "lines" ? "swatch" : "block swatch" });
    swatch.style.borderTopColor = chart.colours[number % chart.colours.length];
    if (dashOf(chart, number)) swatch.style.borderTopStyle = "dashed";
    const button = node("button", { type: "button", title: "Show or hide" }, swatch, series.name);
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      if (!state.hidden.delete(number)) state.hidden.add(number);
      button.setAttribute("aria-pressed", String(!state.hidden.has(number)));
      redraw();
    });
    list.append(node("li", {}, button));
  });
  return list;
}

function numbersOf(chart) {
  const body = node("tbody");
  for (const point of pointsOf(chart)) {
    if (point.y === null) continue;
    body.append(node("tr", {}, node("td", { textContent: point.series }), node("td", { textContent: point.label }),
      node("td", { textContent: withInterval(point) })));
  }
  const head = node("tr", {}, ...["", chart.x_label, chart.y_label].map((textContent) => node("th", { textContent, scope: "col" })));
  return node("table", {}, node("thead", {}, head), body);
}

/** The chart's numbers as a table, made when it is first opened: for readers who do not see the drawing. */
function numbersButton(chart) {
  const details = node("details", { className: "numbers" }, node("summary", { textContent: "Numbers" }));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table")) return;
    const scroll = node("div", { className: "scroll", tabIndex: 0 }, numbersOf(chart));
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", `Numbers of: ${chart.title}`);
    details.append(scroll);
  });
  return details;
}

function startChart(figure) {
  const chart = JSON.parse(figure.querySelector("script").textContent);
  const canvas = figure.querySelector(".drawing");
  const state = { log: chart.log_y, hidden: new Set(), width: 0 };
  const lies = () => chart.kind === "bars" && figure.querySelector("svg")?.querySelector('[aria-label^="fy-axis"]') !== null;
  const redraw = () => {
    const drawing = draw(chart, state.width, state);
    canvas.replaceChildren(drawing);
    const [below, above] = lies() ? [chart.y_label, chart.x_label] : [chart.x_label, chart.y_label];
    figure.querySelector(".above").textContent = above;
    figure.querySelector(".below").textContent = below;
  };
  const file = () => standalone(chart, canvas.querySelector("svg"), { hidden: state.hidden, lies: lies() });
  const tools = node("div", { className: "tools" });
  const values = chart.series.flatMap((series) => series.y.filter((y) => y !== null));
  // Lengths of bars mean something from zero only, which a logarithmic scale has not.
  if (chart.log_y || (chart.kind !== "bars" && values.length > 0 && values.every((y) => y > 0))) {
    const box = node("input", { type: "checkbox", checked: state.log });
    box.addEventListener("change", () => {
      state.log = box.checked;
      redraw();
    });
    tools.append(node("label", {}, box, " log scale"));
  }
  const save = (text, action) => {
    const button = node("button", { type: "button", textContent: text });
    button.setAttribute("aria-label", `Save as ${text}: ${chart.title}`);
    button.addEventListener("click", () => action(file(), chart.id));
    tools.append(button);
  };
  save("SVG", saveSvg);
  save("PNG", savePng);
  canvas.before(node("div", { className: "above axis" }));
  canvas.after(node("div", { className: "below axis" }), legendOf(chart, state, redraw), tools, numbersButton(chart));
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width === 0 || width === state.width) return;
    state.width = width;
    redraw();
  }).observe(canvas);
  figure.chartFile = { svg: file, png: () => pngOf(file()) };
}

export function startCharts() {
  document.querySelectorAll("figure.chart").forEach(startChart);
}
