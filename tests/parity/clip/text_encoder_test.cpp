#include "fmri2img/models/clip/text_model.h"
#include "tests/parity/clip/golden_clip.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

// Golden: transformers 5.24. sd1: the names, the .bin and the config of Stable Diffusion 1.x's file; sd2: GELU, names
// as transformers 5 writes them. The folder around text_encoder/ is opened, as it would be of a whole Stable Diffusion.
TEST(ClipTextModel, ReproducesReferenceValues) {
  for (const std::string name : {"sd1", "sd2"}) {
    SCOPED_TRACE(name);
    ClipTextModel model = open_text_encoder(clip_data(name));
    const io::StateDict expected = clip_answers(name);
    EXPECT_WITHIN(model->forward(expected.at("ids")), expected.at("states"), kFloatTolerance);
    EXPECT_WITHIN(model->forward(expected.at("ids"), 1), expected.at("skip_1"), kFloatTolerance);
    EXPECT_WITHIN(model->forward(expected.at("ids"), 2), expected.at("skip_2"), kFloatTolerance);
  }
}

TEST(ClipTextModel, ReproducesReferenceValues_Bfloat16) {
  for (const std::string name : {"sd1", "sd2"}) {
    SCOPED_TRACE(name);
    ClipTextModel model = open_text_encoder(clip_data(name) / "text_encoder", at::kBFloat16);
    const io::StateDict expected = clip_answers(name);
    const at::Tensor states = model->forward(expected.at("ids"));
    EXPECT_EQ(states.scalar_type(), at::kBFloat16);
    EXPECT_WITHIN(states.to(at::kFloat), expected.at("states"), kBfloat16Tolerance);
  }
}

// What stands behind a token does not reach it, and a shorter text gives the same states.
TEST(ClipTextModel, LooksBackOnly) {
  ClipTextModel model = open_text_encoder(clip_data("sd1"));
  const at::Tensor ids = clip_answers("sd1").at("ids");
  const at::Tensor whole = model->forward(ids), part = model->forward(ids.narrow(1, 0, 9));
  EXPECT_WITHIN(part, whole.narrow(1, 0, 9), 1e-6);
}

TEST(ClipTextModel, FindsTheEndOfEachText) {
  ClipTextOptions options;
  options.encoder = {.hidden_size = 4, .intermediate_size = 4, .num_hidden_layers = 1, .num_attention_heads = 1};
  options.vocab_size = 10;
  const at::Tensor states = at::arange(2 * 5 * 4, at::kFloat).reshape({2, 5, 4});
  const at::Tensor ids = at::tensor({1, 3, 9, 9, 7, 9, 7, 2, 9, 7}, at::kLong).reshape({2, 5});
  const auto first_number = [&](int64_t end, int64_t text) {
    options.eos_token_id = end;
    return ClipTextTransformer(options)->pool(states, ids)[text][0].item<float>();
  };
  EXPECT_EQ(first_number(9, 0), 2 * 4);  // the first of two
  EXPECT_EQ(first_number(9, 1), 20);
  EXPECT_EQ(first_number(7, 0), 4 * 4);
  EXPECT_EQ(first_number(7, 1), 20 + 4);
  EXPECT_EQ(first_number(2, 0), 2 * 4);  // 2: the highest id, though the second text has a 2
  EXPECT_EQ(first_number(2, 1), 20);
  EXPECT_ERROR(first_number(3, 0), "without the end token (id 3");
}

TEST(ClipTextModel, SaysWhatIsWrongWithAFolder) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(open_text_encoder(folder.path()), folder.path().string(), "config.json", "text_encoder/");
  std::filesystem::copy(clip_data("sd2/text_encoder/config.json"), folder / "config.json");
  EXPECT_ERROR(open_text_encoder(folder.path()), "holds no weights");
  std::filesystem::copy(clip_data("sd1/text_encoder/pytorch_model.bin"), folder / "model.bin");
  EXPECT_ERROR(open_text_encoder(folder.path()),
               "/model.bin\"",
               "token_embedding.weight\" is 910 x 32, the model expects 120 x 32");
  std::filesystem::remove(folder / "config.json");
  std::filesystem::copy(clip_data("clip/config.json"), folder / "config.json");
  EXPECT_ERROR(open_text_encoder(folder.path()), "\"model_type\" is \"clip\"", "only \"clip_text_model\"");
}

}  // namespace
}  // namespace fmri2img::models
