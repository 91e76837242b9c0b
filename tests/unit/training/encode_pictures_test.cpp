#include "fmri2img/training/encode_pictures.h"

#include <gtest/gtest.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"
#include "fmri2img/io/npy.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kRows = 7;
constexpr int64_t kSide = reconstruction::kSide;

/// The picture's first channel, plus noise where a sample is asked for. Counts, and can die or err on one picture.
class CountingCodec : public models::LatentCodec {
 public:
  std::string name() const override { return "counting"; }
  Json config() const override { return {{"name", "counting"}, {"version", version}}; }
  models::LatentShape latent_shape() const override { return {1, kSide, kSide}; }
  models::PictureSize picture_size() const override { return {kSide, kSide, 3}; }
  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) override {
    if (calls++ == dies_at) fail(ErrorKind::kFailed, "the power went");
    at::Tensor latents = pictures.narrow(1, 0, 1).clone();
    if (sample) latents += at::randn(latents.sizes(), *sample, at::kFloat);
    if (calls - 1 == errs_at) latents.fill_(std::numeric_limits<float>::infinity());
    return latents;
  }
  at::Tensor decode(const at::Tensor& latents) override { return latents; }
  int64_t calls = 0, dies_at = -1, errs_at = -1, version = 1;
};

class EncodePictures : public ::testing::Test {
 protected:
  EncodeOutcome run(CountingCodec& codec, const std::string& name, bool overwrite = false) {
    return encode_pictures({.subject = subject,
                            .codec = codec,
                            .model = "weights",
                            .dtype = "fp32",
                            .sample_seed = 42,
                            .file = folder / name,
                            .command_line = {},
                            .overwrite = overwrite});
  }

  testing::TemporaryFolder folder;
  data::Subject subject = reconstruction::make_up_subject(folder / "subj01", kRows, 0);
};

TEST_F(EncodePictures, GivesTheSameLatentsAfterAnInterruption) {
  CountingCodec whole;
  EXPECT_EQ(run(whole, "whole.npy"), EncodeOutcome::kEncoded);
  CountingCodec cut;
  cut.dies_at = 3;
  EXPECT_ERROR(run(cut, "cut.npy"), "the power went");
  EXPECT_FALSE(std::filesystem::exists(folder / "cut.npy"));
  CountingCodec rest;
  EXPECT_EQ(run(rest, "cut.npy"), EncodeOutcome::kEncoded);
  EXPECT_EQ(rest.calls, kRows - 3);
  EXPECT_TRUE(at::equal(io::read_npy(folder / "cut.npy"), io::read_npy(folder / "whole.npy")));
}

TEST_F(EncodePictures, StartsAfreshWithAnotherCodec) {
  CountingCodec cut;
  cut.dies_at = 3;
  EXPECT_ERROR(run(cut, "z.npy"), "the power went");
  CountingCodec other;
  other.version = 2;
  run(other, "z.npy");
  EXPECT_EQ(other.calls, kRows);
}

TEST_F(EncodePictures, RecordsTheCodecBesideTheFile) {
  CountingCodec codec;
  run(codec, "z.npy");
  EXPECT_EQ(read_latents_codec(folder / "z.npy"), codec.config());
  EXPECT_EQ(run(codec, "z.npy"), EncodeOutcome::kWasDoneAlready);
  EXPECT_EQ(codec.calls, kRows);
  CountingCodec other;
  other.version = 2;
  EXPECT_ERROR(run(other, "z.npy"), "codec.version is 1 there and 2 here", "--overwrite");
  EXPECT_EQ(run(other, "z.npy", /*overwrite=*/true), EncodeOutcome::kEncoded);
  EXPECT_EQ(read_latents_codec(folder / "absent.npy"), std::nullopt);
  write_json(folder / "z.json", {{"format", "something else"}});
  EXPECT_ERROR(read_latents_codec(folder / "z.npy"), "z.json", "not the record");
}

TEST_F(EncodePictures, NamesThePictureWhoseLatentsAreNotFinite) {
  CountingCodec codec;
  codec.errs_at = 2;
  EXPECT_ERROR(run(codec, "z.npy"), "train-0003", "not finite", "weights");
}

}  // namespace
}  // namespace fmri2img::training
