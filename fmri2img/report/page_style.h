#pragma once

#include <string_view>

namespace fmri2img::report {

/// How a report looks: light and dark, on a phone and on paper.
inline constexpr std::string_view kPageStyle = R"(
:root { color-scheme: light dark; --ink: #1d2126; --soft: #5f6b78; --line: #d8dde3; --paper: #ffffff; --card: #f5f7f9; --mark: #0b6e4f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #363d46; --paper: #15181c; --card: #1e2329; --mark: #5fd3a6; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 76rem; background: var(--paper); color: var(--ink);
       font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
p { margin: .4rem 0; max-width: 48rem; }
.soft, small { color: var(--soft); }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
tr.chosen td { font-weight: 600; }
article { background: var(--card); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; break-inside: avoid; }
article h3 { margin: 0 0 .6rem; font-size: 1rem; }
.pictures + .pictures { margin-top: .9rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .9rem; }
figure { margin: 0; width: 8rem; }
figure img { width: 8rem; height: 8rem; display: block; border-radius: .25rem; image-rendering: pixelated; object-fit: contain; }
figure.chosen img { outline: 3px solid var(--mark); outline-offset: 2px; }
figcaption { font-size: .8rem; line-height: 1.3; margin-top: .4rem; overflow-wrap: anywhere; }
figcaption b { display: block; }
figure.chosen figcaption b { color: var(--mark); }
@media print { body { max-width: none; padding: 0; } article { background: none; border: 1px solid var(--line); } }
)";

}  // namespace fmri2img::report
