#include "commands/convert.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/mindeye2.h"
#include "fmri2img/data/picture_arrays.h"
#include "fmri2img/data/response_arrays.h"
#include "fmri2img/data/subject_writer.h"
#include "fmri2img/io/variable.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using data::Partition;

/// The arrays of one partition; empty where it was not given.
struct PartitionArrays {
  at::Tensor responses;
  std::optional<data::PictureArray> pictures;
  int64_t rows() const { return pictures ? pictures->size() : 0; }
};

/// Counts the rows with values that are not finite and says so once: they are written as they are.
class FiniteRows {
 public:
  void count(const at::Tensor& responses) {
    for (const at::Tensor& piece : responses.split(kPiece)) {
      damaged_ += piece.size(0) - piece.isfinite().all(1).sum().item<int64_t>();
    }
  }

  void warn(const std::string& subject) const {
    if (damaged_ == 0) return;
    log_warning("{} rows of the responses hold values that are not finite: see which with fmri2img doctor {}",
                format_count(damaged_),
                subject);
  }

 private:
  static constexpr int64_t kPiece = 64;
  int64_t damaged_ = 0;
};

/// "28x20": height and width.
std::pair<int64_t, int64_t> parse_picture_shape(const std::string& text) {
  int64_t height = 0;
  int64_t width = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, height);
  const bool separated = first.ec == std::errc() && first.ptr != end && *first.ptr == 'x';
  const auto second = separated ? std::from_chars(first.ptr + 1, end, width) : first;
  FMRI2IMG_CHECK_USAGE(separated && second.ec == std::errc() && second.ptr == end && height > 0 && width > 0,
                       "--picture-shape {}: needed is HEIGHTxWIDTH, such as 28x28",
                       text);
  return {height, width};
}

/// Rows that are in memory at a time: 64 pictures, three trials each, are a few dozen megabytes.
constexpr int64_t kRowsPerPiece = 64;

/// Calls write(first, count) for one piece of the rows after the other.
template <class Write> void in_pieces(const std::string& what, const char* unit, int64_t rows, const Write& write) {
  Progress progress(what, unit, rows);
  for (int64_t first = 0; first < rows; first += kRowsPerPiece) {
    stop_if_interrupted("run the same command again");
    const int64_t count = std::min(kRowsPerPiece, rows - first);
    write(first, count);
    progress.advance(count);
  }
}

void write_partition(data::SubjectWriter& writer,
                     Partition partition,
                     const data::MindEye2& source,
                     FiniteRows& finite) {
  const char* what = partition == Partition::kTrain ? "converting the training rows" : "converting the test rows";
  in_pieces(what, "rows", source.num_rows(partition), [&](int64_t first, int64_t count) {
    const at::Tensor responses = source.responses(partition, first, count);
    finite.count(responses);
    writer.write_responses(partition, first, responses);
    const at::Tensor pictures = source.pictures(partition, first, count);
    for (int64_t i = 0; i < count; ++i)
      writer.write_picture(partition, first + i, pictures[i], source.nsd_id(partition, first + i));
  });
}

struct Convert {
  std::string train_responses, train_pictures, test_responses, test_pictures;
  std::string picture_shape;
  std::string picture_order = "row";
  std::string mindeye2;
  int64_t subject = 0;
  OutputOptions output;
  FiniteRows finite;

  void usage(CLI::App& app) {
    const std::string kinds = " FILE[:VARIABLE] (.npy .npz .mat .h5 .nii)";
    app.add_option("--train-responses",
                   train_responses,
                   "Responses, rows x vertices; of NIfTI: X x Y x Z x N, one volume a picture:" + kinds);
    app.add_option("--train-pictures", train_pictures, "Their pictures, N x H x W (x 3) or N x HW:" + kinds);
    app.add_option("--test-responses", test_responses, "Responses of the test split");
    app.add_option("--test-pictures", test_pictures, "Pictures of the test split");
    app.add_option("--picture-shape", picture_shape, "HEIGHTxWIDTH of flat pictures (default: square)");
    app.add_option("--picture-order", picture_order, "row or column (MATLAB): how the pixels of flat pictures follow")
        ->check(CLI::IsMember({"row", "column"}))
        ->capture_default_str();
    app.add_option("--mindeye2", mindeye2, "Folder of MindEye2's files, in place of all of the above");
    app.add_option("--subject", subject, "Which subject of --mindeye2: 1 to 8")->check(CLI::Range(1, 8));
    output.add_to(app, "the subject");
    app.footer(
        "Of a NIfTI image every voxel becomes a vertex, x slowest and z fastest: img.get_fdata().reshape(-1, N).T\n"
        "Example: fmri2img convert --train-responses d.mat:fmriTrn --train-pictures d.mat:stimTrn --out subj01");
  }

  data::PictureArrayOptions picture_options() const {
    data::PictureArrayOptions options;
    if (!picture_shape.empty()) options.shape = parse_picture_shape(picture_shape);
    if (picture_order == "column") options.order = data::PictureOrder::kColumn;
    return options;
  }

  PartitionArrays read(const std::string& responses, const std::string& pictures) const {
    PartitionArrays arrays;
    if (responses.empty() && pictures.empty()) return arrays;
    FMRI2IMG_CHECK_USAGE(!responses.empty() && !pictures.empty(),
                         "--test-responses and --test-pictures belong together: give both or neither");
    arrays.responses = data::read_responses(responses);
    arrays.pictures.emplace(io::read_variable(pictures), picture_options(), pictures);
    FMRI2IMG_CHECK(arrays.responses.size(0) == arrays.rows(),
                   "{} has {} rows, {} has {} pictures: there must be one picture a row",
                   responses,
                   arrays.responses.size(0),
                   pictures,
                   arrays.rows());
    return arrays;
  }

  Manifest bare_manifest() const {
    Manifest manifest;
    manifest.command = "convert";
    manifest.command_line = command_line();
    return manifest;
  }

  static void add_input(Manifest& manifest, const std::filesystem::path& file) {
    manifest.inputs[std::filesystem::weakly_canonical(file).string()] = fingerprint(file);
  }

  Manifest manifest_of_arrays() const {
    Manifest manifest = bare_manifest();
    manifest.settings = {{"train_responses", train_responses},
                         {"train_pictures", train_pictures},
                         {"test_responses", test_responses},
                         {"test_pictures", test_pictures},
                         {"picture_shape", picture_shape},
                         {"picture_order", picture_order}};
    for (const std::string& from : {train_responses, train_pictures, test_responses, test_pictures}) {
      if (!from.empty()) add_input(manifest, io::split_variable_path(from).file);
    }
    return manifest;
  }

  Manifest manifest_of(const data::MindEye2& source) const {
    Manifest manifest = bare_manifest();
    manifest.settings = {{"mindeye2", mindeye2}, {"subject", subject}};
    for (const std::filesystem::path& file : source.files()) add_input(manifest, file);
    return manifest;
  }

  void write(data::SubjectWriter& writer, Partition partition, const PartitionArrays& arrays) {
    if (arrays.rows() == 0) return;
    finite.count(arrays.responses);
    writer.write_responses(partition, 0, arrays.responses);
    in_pieces("writing pictures", "pictures", arrays.rows(), [&](int64_t first, int64_t count) {
      const at::Tensor pictures = arrays.pictures->pictures(first, count);
      for (int64_t i = 0; i < count; ++i) writer.write_picture(partition, first + i, pictures[i]);
    });
  }

  void check_source() const {
    const bool arrays = !train_responses.empty() || !train_pictures.empty() || !test_responses.empty() ||
                        !test_pictures.empty() || !picture_shape.empty();
    if (!mindeye2.empty()) {
      FMRI2IMG_CHECK_USAGE(!arrays, "--mindeye2 says where responses and pictures are: give no other source");
      FMRI2IMG_CHECK_USAGE(subject > 0, "--mindeye2 needs --subject, 1 to 8");
      return;
    }
    FMRI2IMG_CHECK_USAGE(subject == 0, "--subject belongs to --mindeye2");
    FMRI2IMG_CHECK_USAGE(!train_responses.empty() && !train_pictures.empty(),
                         "needed are --train-responses and --train-pictures, or --mindeye2 and --subject");
  }

  void run() {
    check_source();
    mindeye2.empty() ? convert_arrays() : convert_mindeye2();
  }

  void convert_arrays() {
    const PartitionArrays train = read(train_responses, train_pictures);
    const PartitionArrays test = read(test_responses, test_pictures);
    const int64_t vertices = train.responses.size(1);
    FMRI2IMG_CHECK(test.rows() == 0 || test.responses.size(1) == vertices,
                   "{} has {} vertices, {} has {}: both must be of the same vertices",
                   train_responses,
                   vertices,
                   test_responses,
                   test.responses.size(1));
    OutputFolder folder(output.out, manifest_of_arrays(), output.policy());
    const data::SubjectSize size{.train_rows = train.rows(), .test_rows = test.rows(), .left_vertices = vertices};
    data::SubjectWriter writer(folder.path(), size);
    write(writer, Partition::kTrain, train);
    write(writer, Partition::kTest, test);
    finish(writer, folder, size);
  }

  void convert_mindeye2() {
    const data::MindEye2 source(mindeye2, subject);
    OutputFolder folder(output.out, manifest_of(source), output.policy());
    const data::SubjectSize size{.train_rows = source.num_rows(Partition::kTrain),
                                 .test_rows = source.num_rows(Partition::kTest),
                                 .left_vertices = source.num_voxels()};
    data::SubjectWriter writer(folder.path(), size);
    write_partition(writer, Partition::kTrain, source, finite);
    write_partition(writer, Partition::kTest, source, finite);
    finish(writer, folder, size);
  }

  void finish(data::SubjectWriter& writer, OutputFolder& folder, const data::SubjectSize& size) const {
    writer.commit();
    finite.warn(output.out);
    folder.finish({{"train_rows", size.train_rows}, {"test_rows", size.test_rows}, {"vertices", size.left_vertices}});
    fmt::print("{}: {} training and {} test rows of {} vertices\n",
               output.out,
               format_count(size.train_rows),
               format_count(size.test_rows),
               format_count(size.left_vertices));
  }
};

}  // namespace

Command convert() {
  return make_command<Convert>("convert", "Turn arrays in other files into a subject's folder");
}

}  // namespace fmri2img::commands
