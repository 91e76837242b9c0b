"""A report as different readers have it: light, dark, on a phone, on paper."""

from browser import Browser
from check import check

LEAST_CONTRAST = 4.5  # WCAG 2.2, criterion 1.4.3, level AA, for text of normal size
A4 = (717, 1046)  # pixels of a printed page within margins of a centimetre

# Text that can be seen, with its colour and that of what is behind it (as red, green, blue) and the contrast of the two
# as WCAG defines it. Opacity counts; dialogs do not, they are closed.
TEXT_COLOURS = """(() => {
    const rgba = (text) => { const v = text.match(/[\\d.]+/g).map(Number); return v.length < 4 ? [...v, 1] : v; };
    const over = (front, back) => back.map((value, i) => front[i] * front[3] + value * (1 - front[3]));
    const ancestors = (element) => element ? [element, ...ancestors(element.parentElement)] : [];
    const behind = (element) => ancestors(element).reverse()
        .reduce((back, e) => over(rgba(getComputedStyle(e).backgroundColor), back), [255, 255, 255]);
    const light = (colour) => colour.map((value) => value / 255)
        .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
        if (!text || !element.checkVisibility() || element.closest('script, style, dialog, .skip')) continue;
        const back = behind(element), style = getComputedStyle(element);
        const front = rgba(element.closest('svg') ? style.fill : style.color);
        front[3] *= ancestors(element).reduce((product, e) => product * Number(getComputedStyle(e).opacity), 1);
        const colour = over(front, back);
        found.push({text: text.slice(0, 60), colour, back, contrast: contrast(colour, back)});
    }
    return found; })()"""

CONTROLS = "nav, button:not(.legend button), input, select, dialog, .numbers, .skip"  # a legend is a key to the colours as well


def check_schemes(chromium, page):
    """Light ink on dark paper and the other way about, each with enough contrast in every text of page and charts."""
    seen = {}
    for scheme in ("light", "dark"):
        with Browser(chromium) as browser:
            browser.emulate(prefers_color_scheme=scheme)
            browser.open_drawn(page)
            texts = browser.evaluate(TEXT_COLOURS)
            faint = [text for text in texts if text["contrast"] < LEAST_CONTRAST]
            check(len(texts) > 100 and faint == [], f"text can be read in {scheme}: {faint[:5]}")
            seen[scheme] = browser.evaluate("(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))")
            check(seen[scheme][0] != seen[scheme][1], f"text differs from its background: {seen[scheme]}")
    check(all(light != dark for light, dark in zip(seen["light"], seen["dark"])), f"light and dark differ: {seen}")


def check_phone(chromium, page):
    for width in (360, 390):
        with Browser(chromium, width=width, height=740) as browser:
            browser.open_drawn(page)
            found = browser.evaluate("document.documentElement.scrollWidth")
            check(found <= width, f"the page fits a phone of {width} pixels, long paths of weights included: {found}")


def check_paper(chromium, page):
    """What only a screen can use is gone; pictures, charts and tables are there, whole and within the page."""
    with Browser(chromium, width=A4[0], height=A4[1]) as browser:
        browser.emulate(media="print", prefers_color_scheme="dark")
        browser.open_drawn(page)
        visible = f"[...document.querySelectorAll('{CONTROLS}')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))"
        check(browser.evaluate(visible) == [], f"controls are not printed: {browser.evaluate(visible)}")
        check(browser.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#fff",
              "paper is white, whatever the screen's scheme")
        for kind, least in (("img", 36), ("table", 3), ("figure.chart svg", 6)):
            sizes = browser.evaluate(f"""[...document.querySelectorAll('{kind}')]
                .filter((e) => !e.closest('dialog, details:not([open]), .numbers'))
                .map((e) => e.getBoundingClientRect()).map(({{width, height, left, right}}) => ({{width, height, left, right}}))""")
            check(len(sizes) >= least, f"{kind} on paper: {len(sizes)}")
            for size in sizes:
                check(size["width"] > 20 and size["height"] > 20, f"{kind} is printed: {size}")
                check(size["left"] >= 0 and size["right"] <= A4[0] + 1, f"{kind} is within the page: {size}")
        whole = browser.evaluate("""[...document.querySelectorAll('figure.chart, .highlight, .card')]
            .map((e) => ({id: e.id, height: e.getBoundingClientRect().height}))""")
        check(all(part["height"] <= A4[1] for part in whole), f"what is not parted fits a page: {max(whole, key=lambda part: part['height'])}")
        check(browser.wait_for("[...document.images].every((image) => image.naturalWidth > 0)"), "every picture is printed")
        clipped = browser.evaluate("""[...document.body.querySelectorAll('*')]
            .filter((e) => !e.closest('svg, dialog') && e.checkVisibility() && getComputedStyle(e).overflow !== 'visible')
            .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
            .map((e) => e.outerHTML.slice(0, 80))""")
        check(clipped == [], f"nothing is cut off on paper: {clipped[:5]}")
