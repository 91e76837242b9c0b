// A chart as a file: the drawing as it is on the page, with its title, axes' names and legend, on white.
import { dashOf } from "./draw.js";

const SPACE = "http://www.w3.org/2000/svg";
const INK = "#1d2126";
const LETTER = 7.3; // pixels, on average
const MARGIN = 16;

function element(name, attributes, text) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function legend(chart, hidden, width, top) {
  const group = element("g", {});
  let x = 0;
  let y = top;
  chart.series.forEach((series, number) => {
    if (hidden.has(number) || chart.series.length < 2) return;
    const room = 28 + series.name.length * LETTER + 18;
    if (x + room > width && x > 0) [x, y] = [0, y + 20];
    const stroke = chart.colours[number % chart.colours.length];
    group.append(
      element("line", { x1: x, x2: x + 22, y1: y - 4.5, y2: y - 4.5, stroke, "stroke-width": 3, "stroke-dasharray": dashOf(chart, number) }),
      element("text", { x: x + 28, y, fill: INK }, series.name),
    );
    x += room;
  });
  return { group, bottom: chart.series.length < 2 ? top - 16 : y + 8 };
}

/** `drawing`: the SVG element on the page. Returns one that stands for itself. */
export function standalone(chart, drawing, { hidden, lies }) {
  const width = Number(drawing.getAttribute("width"));
  const height = Number(drawing.getAttribute("height"));
  const [below, above] = lies ? [chart.y_label, chart.x_label] : [chart.x_label, chart.y_label];
  const root = element("svg", { xmlns: SPACE, "font-family": "system-ui, sans-serif", "font-size": 13, color: INK });
  const inner = element("g", { transform: `translate(${MARGIN}, ${MARGIN})` });
  inner.append(element("text", { y: 14, "font-size": 16, "font-weight": 600, fill: INK }, chart.title));
  inner.append(element("text", { y: 40, fill: INK, opacity: 0.75 }, above));
  const copy = drawing.cloneNode(true);
  copy.setAttribute("y", 50);
  copy.style.color = INK;
  copy.querySelectorAll('[aria-label="tip"]').forEach((node) => node.remove());
  inner.append(copy, element("text", { x: width / 2, y: 66 + height, "text-anchor": "middle", fill: INK, opacity: 0.75 }, below));
  const { group, bottom } = legend(chart, hidden, width, 96 + height);
  inner.append(group);
  const size = { width: width + 2 * MARGIN, height: bottom + 2 * MARGIN };
  for (const [key, value] of Object.entries(size)) root.setAttribute(key, value);
  root.append(element("rect", { ...size, fill: "#ffffff" }), inner);
  return new XMLSerializer().serializeToString(root);
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function saveSvg(text, name) {
  download(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
}

/** The PNG of an SVG, at twice its size. */
export async function pngOf(text) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * 2;
  canvas.height = picture.height * 2;
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.drawImage(picture, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export async function savePng(text, name) {
  download(await pngOf(text), `${name}.png`);
}
