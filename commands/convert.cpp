#include "commands/convert.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <charconv>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/picture_arrays.h"
#include "fmri2img/data/subject_writer.h"
#include "fmri2img/io/variable.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using data::Partition;

/// The arrays of one partition; undefined tensors where it was not given.
struct PartitionArrays {
  at::Tensor responses;
  at::Tensor pictures;
  int64_t rows() const { return responses.defined() ? responses.size(0) : 0; }
};

at::Tensor read_responses(const std::string& from) {
  const at::Tensor array = io::read_variable(from);
  FMRI2IMG_CHECK(array.dim() == 2 && array.numel() > 0,
                 "{}: shape {}; responses are rows x vertices",
                 from,
                 format_shape(array.sizes().vec()));
  return array;
}

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

struct Convert {
  std::string train_responses, train_pictures, test_responses, test_pictures;
  std::string picture_shape;
  std::string picture_order = "row";
  OutputOptions output;

  void usage(CLI::App& app) {
    const std::string kinds = " FILE[:VARIABLE] (.npy .npz .mat .h5 .nii)";
    app.add_option("--train-responses", train_responses, "Responses, rows x vertices:" + kinds)->required();
    app.add_option("--train-pictures", train_pictures, "Their pictures, N x H x W (x 3) or N x HW:" + kinds)
        ->required();
    app.add_option("--test-responses", test_responses, "Responses of the test split");
    app.add_option("--test-pictures", test_pictures, "Pictures of the test split");
    app.add_option("--picture-shape", picture_shape, "HEIGHTxWIDTH of flat pictures (default: square)");
    app.add_option("--picture-order", picture_order, "row or column (MATLAB): how the pixels of flat pictures follow")
        ->check(CLI::IsMember({"row", "column"}))
        ->capture_default_str();
    output.add_to(app, "the subject");
    app.footer("Example: fmri2img convert --train-responses d.mat:fmriTrn --train-pictures d.mat:stimTrn --out subj01");
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
    arrays.responses = read_responses(responses);
    arrays.pictures = data::pictures_from_array(io::read_variable(pictures), picture_options(), pictures);
    FMRI2IMG_CHECK(arrays.responses.size(0) == arrays.pictures.size(0),
                   "{} has {} rows, {} has {} pictures: there must be one picture a row",
                   responses,
                   arrays.responses.size(0),
                   pictures,
                   arrays.pictures.size(0));
    return arrays;
  }

  Manifest manifest() const {
    Manifest manifest;
    manifest.command = "convert";
    manifest.command_line = command_line();
    manifest.settings = {{"train_responses", train_responses},
                         {"train_pictures", train_pictures},
                         {"test_responses", test_responses},
                         {"test_pictures", test_pictures},
                         {"picture_shape", picture_shape},
                         {"picture_order", picture_order}};
    for (const std::string& from : {train_responses, train_pictures, test_responses, test_pictures}) {
      if (from.empty()) continue;
      const std::filesystem::path file = io::split_variable_path(from).file;
      manifest.inputs[std::filesystem::weakly_canonical(file).string()] = fingerprint(file);
    }
    return manifest;
  }

  static void write(data::SubjectWriter& writer, Partition partition, const PartitionArrays& arrays) {
    if (arrays.rows() == 0) return;
    writer.write_responses(partition, 0, arrays.responses);
    Progress progress("writing pictures", "pictures", arrays.rows());
    for (int64_t row = 0; row < arrays.rows(); ++row) {
      writer.write_picture(partition, row, arrays.pictures[row]);
      progress.advance();
    }
  }

  void run() {
    const PartitionArrays train = read(train_responses, train_pictures);
    const PartitionArrays test = read(test_responses, test_pictures);
    const int64_t vertices = train.responses.size(1);
    FMRI2IMG_CHECK(test.rows() == 0 || test.responses.size(1) == vertices,
                   "{} has {} vertices, {} has {}: both must be of the same vertices",
                   train_responses,
                   vertices,
                   test_responses,
                   test.responses.size(1));
    OutputFolder folder(output.out, manifest(), output.policy());
    data::SubjectWriter writer(folder.path(),
                               {.train_rows = train.rows(), .test_rows = test.rows(), .left_vertices = vertices});
    write(writer, Partition::kTrain, train);
    write(writer, Partition::kTest, test);
    writer.commit();
    folder.finish({{"train_rows", train.rows()}, {"test_rows", test.rows()}, {"vertices", vertices}});
    fmt::print("{}: {} training and {} test rows of {} vertices\n",
               output.out,
               format_count(train.rows()),
               format_count(test.rows()),
               format_count(vertices));
  }
};

}  // namespace

Command convert() {
  return make_command<Convert>("convert", "Turn arrays in other files into a subject's folder");
}

}  // namespace fmri2img::commands
