// Cards of all trials: sorted, searched, and opened one at a time with every candidate.

const text = (card, key) => card.dataset[key] ?? "";

/** Values in ascending order; cards without one come last in either direction. */
function comparison(key, descending) {
  const sign = descending ? -1 : 1;
  const isText = key === "caption" || key === "picture";
  return (a, b) => {
    const [left, right] = [a, b].map((card) => (isText ? text(card, key) : Number.parseFloat(card.scores[key] ?? card.dataset[key] ?? "")));
    const missing = (value) => value === "" || Number.isNaN(value);
    if (missing(left) || missing(right)) return Number(missing(left)) - Number(missing(right));
    const order = isText ? left.localeCompare(right) : left - right;
    return sign * order || Number(a.dataset.trial) - Number(b.dataset.trial);
  };
}

/** All scores of a card as a list of terms, in the order of `names`. */
function scoresOf(card, names) {
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [key, title] of names) {
    if (card.scores[key] === undefined) continue;
    for (const [name, content] of [["dt", title], ["dd", card.scores[key]]]) {
      list.append(Object.assign(document.createElement(name), { textContent: content }));
    }
  }
  return list;
}

function startViewer(gallery, cards, names) {
  const viewer = document.getElementById("viewer");
  const content = viewer.querySelector(".content");
  let current = null;
  const show = (card) => {
    current = card;
    const parts = [".meta span", ".three", ".said"].map((part) => card.querySelector(part)?.cloneNode(true)).filter(Boolean);
    content.replaceChildren(...parts, scoresOf(card, names), card.querySelector("template").content.cloneNode(true));
    if (!viewer.open) viewer.showModal();
    viewer.scrollTop = 0;
  };
  const step = (by) => {
    const visible = cards().filter((card) => !card.hidden);
    const next = visible[visible.indexOf(current) + by];
    if (next) show(next);
  };
  gallery.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (card && event.target.closest("button")) show(card);
  });
  viewer.querySelector(".previous").addEventListener("click", () => step(-1));
  viewer.querySelector(".next").addEventListener("click", () => step(1));
  viewer.querySelector(".close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("click", (event) => {
    if (event.target === viewer) viewer.close();
  });
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  viewer.addEventListener("close", () => current?.querySelector("button")?.focus());
}

export function startGallery() {
  const gallery = document.getElementById("gallery");
  if (!gallery) return;
  let cards = [...gallery.querySelectorAll(".card")];
  for (const card of cards) card.scores = JSON.parse(card.dataset.scores || "{}");
  const [key, order, search, count] = ["sort-key", "sort-order", "search", "count"].map((id) => document.getElementById(id));

  const sort = () => {
    cards.sort(comparison(key.value, order.value === "descending"));
    gallery.append(...cards);
    for (const card of cards) {
      const value = card.scores[key.value];
      card.querySelector(".score").textContent = value === undefined ? "" : `${key.selectedOptions[0].textContent} ${value}`;
    }
  };
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    for (const card of cards) {
      card.hidden = !`${text(card, "caption")} ${text(card, "picture")} ${card.dataset.trial}`.toLowerCase().includes(wanted);
    }
    const visible = cards.filter((card) => !card.hidden).length;
    count.textContent = visible === cards.length ? `${visible} trials` : `${visible} of ${cards.length} trials`;
  };
  key.addEventListener("change", () => {
    order.value = key.selectedOptions[0].dataset.order ?? "ascending";
    sort();
  });
  order.addEventListener("change", sort);
  search.addEventListener("input", filter);
  startViewer(gallery, () => cards, new Map([...key.options].map((option) => [option.value, option.textContent])));
  filter();
}
