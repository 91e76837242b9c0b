#include "commands/shared_pictures.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/shared_pictures.h"

namespace fmri2img::commands {
namespace {

constexpr int64_t kPublishedShared = 982;  // pictures of the benchmark that most papers report

struct SharedPicturesCommand {
  std::vector<std::string> folders;
  std::string ids;
  std::string out;
  bool overwrite = false;

  void usage(CLI::App& app) {
    app.add_option("--subjects", folders, "Subject folders; with --ids one is enough")->required();
    app.add_option("--ids", ids, "Known ids of the benchmark, one a line: those that the subjects have are kept");
    app.add_option("--out", out, "The list, one picture id a line")->required();
    app.add_flag("--overwrite", overwrite, "Replace the list");
    app.footer(
        "Give the list to train --hold-out, reconstruct --trials file:LIST and evaluate --ids LIST.\n"
        "Example: fmri2img shared-pictures --subjects subj01 subj02 subj05 subj07 --out shared982.txt");
  }

  void run() {
    FMRI2IMG_CHECK_USAGE(overwrite || !std::filesystem::exists(out),
                         "--out \"{}\" exists: choose another name, or replace it with --overwrite",
                         out);
    std::vector<data::Subject> subjects;
    for (const std::string& folder : folders) subjects.push_back(data::Subject::open(folder));
    const data::SharedPictures shared = ids.empty() ? data::find_shared_pictures(subjects)
                                                    : data::find_listed_pictures(subjects, data::read_picture_ids(ids));
    write_file(out, to_text(shared));
    report(subjects, shared);
  }

  std::string to_text(const data::SharedPictures& shared) const {
    std::string text =
        fmt::format("# {} pictures, {}\n",
                    shared.ids.size(),
                    ids.empty() ? "each in the training splits of more than one of these subjects:"
                                : "of \"" + ids + "\" and in the training split of one of these subjects:");
    for (const std::string& folder : folders) text += "#   " + folder + "\n";
    for (const std::string& id : shared.ids) text += id + "\n";
    return text;
  }

  void report(const std::vector<data::Subject>& subjects, const data::SharedPictures& shared) const {
    const auto count = static_cast<int64_t>(shared.ids.size());
    fmt::print("{} pictures in {}\n", format_count(count), out);
    for (size_t i = 0; i < subjects.size(); ++i) {
      fmt::print("{:<12} has {} of them\n", subjects[i].name(), format_count(shared.of_subject[i]));
    }
    if (count != kPublishedShared) {
      fmt::print("note: the published benchmark has {}: figures over these are not figures of mindeye1-982\n",
                 kPublishedShared);
    }
  }
};

}  // namespace

Command shared_pictures() {
  return make_command<SharedPicturesCommand>("shared-pictures", "List the pictures that several subjects saw");
}

}  // namespace fmri2img::commands
