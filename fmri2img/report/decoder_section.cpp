#include "fmri2img/report/decoder_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/error.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/report/chart_figure.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/training_curves.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

std::string decoder_row(const std::string& name, const decoding::DecoderRecord& record) {
  const Json& expression = record.vertices.expression;
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                     escape_html(name),
                     escape_html(record.kind),
                     escape_html(record.codec.value("name", "")),
                     escape_html(expression == "none" ? "all vertices" : expression.get<std::string>()),
                     format_count(static_cast<int64_t>(record.vertices.columns.size())),
                     format_count(static_cast<int64_t>(record.train_rows.size())));
}

}  // namespace

std::vector<fs::path> decoder_folders(std::span<const reconstruction::Results> results) {
  std::vector<fs::path> folders;
  for (const reconstruction::Results& run : results) {
    const Manifest manifest = Manifest::read(run.folder / "manifest.json");
    for (const Json& decoder : manifest.settings.value("decoders", Json::array())) {
      if (!decoder.is_string()) continue;
      const fs::path folder = decoder.get<std::string>();
      if (std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
    }
  }
  return folders;
}

std::string decoder_section(std::span<const reconstruction::Results> results) {
  std::string rows, charts, absent;
  int curves = 0;
  for (const fs::path& folder : decoder_folders(results)) {
    const std::string name = folder.filename().string();
    try {
      rows += decoder_row(name, decoding::read_record(folder));
      if (const auto chart = training_curves(folder, name))
        charts += chart_figure(*chart, fmt::format("loss-{}", ++curves));
    } catch (const Error&) {
      absent += fmt::format(
          "<p class=\"soft\">{}: the decoder's folder <code>{}</code> is not there any more, or not "
          "readable, so that nothing is said of its training.</p>\n",
          escape_html(name),
          escape_html(folder.string()));
    }
  }
  if (rows.empty()) return absent;
  if (charts.empty()) charts = "<p class=\"soft\">A ridge is solved in one step: it has no curve of losses.</p>\n";
  return scroll_frame("Decoders",
                      "<table>\n<thead><tr><th></th><th scope=\"col\">Kind</th><th scope=\"col\">Codec</th><th "
                      "scope=\"col\">ROI set</th><th scope=\"col\">Vertices</th><th scope=\"col\">Trained on "
                      "(rows)</th></tr></thead>\n<tbody>\n" +
                          rows + "</tbody></table>\n") +
         absent + charts;
}

}  // namespace fmri2img::report
