#include "fmri2img/training/zoo/pictures/decoded_pictures.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/random.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/text/byte_pair_vocabulary.h"
#include "fmri2img/training/zoo/mini_models.h"
#include "fmri2img/training/zoo/model_folder.h"
#include "fmri2img/training/zoo/pictures/latent_pictures.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

/// An autoencoder that has learned nothing: what matters here is which picture has which caption.
class WithAutoencoder : public ::testing::Test {
 protected:
  WithAutoencoder() {
    const Json config = mini_autoencoder();
    models::AutoencoderKL model(models::AutoencoderKLOptions::from_json(config, "test"));
    model->reset_parameters(make_generator(1));
    write_weights(vae / "diffusion_pytorch_model.safetensors", *model);
    write_json(vae / "config.json", config);
  }

  testing::TemporaryFolder folder;
  fs::path vae = folder / "vae";
};

using DecodedPicturesTest = WithAutoencoder;
using EncodeCaptioned = WithAutoencoder;

TEST_F(DecodedPicturesTest, ShowTheTestPicturesOncePerDecoder) {
  constexpr std::array<PracticeSubject, 1> kSubjects = {{{.number = 1, .vertices = 600, .train = 40, .test = 6}}};
  const auto pictures = decoded_pictures(folder / "practice", kSubjects, {.mlp = true}, vae);
  ASSERT_EQ(pictures->size(), 5 * 6);
  const std::string scenes = read_file(folder / "practice/subj01/test_split/scenes.jsonl");
  for (int64_t row = 0; row < 6; ++row) {
    EXPECT_NE(scenes.find(pictures->caption(row)), std::string::npos);
    EXPECT_EQ(pictures->caption(row), pictures->caption(24 + row));
  }
  const std::vector<int64_t> rows = {0, 7, 29};
  const CaptionedBatch batch = pictures->read(rows);
  EXPECT_EQ(batch.pictures.sizes(), (std::vector<int64_t>{3, 3, 64, 64}));
  EXPECT_EQ(batch.captions[1], pictures->caption(7));

  const auto time = fs::last_write_time(folder / "practice/subj01/decoders/ridge-set1/config.json");
  const auto again = decoded_pictures(folder / "practice", kSubjects, {.mlp = true}, vae);
  EXPECT_TRUE(at::equal(again->read(rows).pictures, batch.pictures));
  EXPECT_EQ(fs::last_write_time(folder / "practice/subj01/decoders/ridge-set1/config.json"), time);
  fs::remove(folder / "practice/subj01/decoders/ridge-set1/decoded_pictures.npy");
  EXPECT_TRUE(at::equal(decoded_pictures(folder / "practice", kSubjects, {.mlp = true}, vae)->read(rows).pictures,
                        batch.pictures));
}

TEST_F(EncodeCaptioned, GivesEveryPictureItsLatentsAndIds) {
  const auto scenes = drawn_scenes(5, 70);
  std::vector<std::string> captions;
  for (int64_t row = 0; row < scenes->size(); ++row) captions.push_back(scenes->caption(row));
  text::write_byte_pair_vocabulary(folder / "tokenizer", text::learn_byte_pair_vocabulary(captions, {}), 24);
  const text::BytePairTokenizer tokenizer(folder / "tokenizer");
  const LatentPictures all = encode_captioned(*scenes, 100, vae, tokenizer, 1);
  EXPECT_EQ(all.latents.sizes(), (std::vector<int64_t>{70, 4, 16, 16}));
  EXPECT_TRUE(all.latents.isfinite().all().item<bool>());
  for (const int64_t row : {0, 33, 69})
    EXPECT_TRUE(at::equal(all.ids[row], at::tensor(tokenizer.encode(captions[static_cast<size_t>(row)]).ids)));
  const LatentPictures some = encode_captioned(*scenes, 64, vae, tokenizer, 1);
  EXPECT_TRUE(at::equal(some.latents, all.latents.narrow(0, 0, 64)));
  EXPECT_FALSE(at::equal(encode_captioned(*scenes, 64, vae, tokenizer, 2).latents, some.latents));
}

}  // namespace
}  // namespace fmri2img::training
