#include "fmri2img/diffusion/stable_diffusion_folder.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/diffusion/stable_diffusion.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

class StableDiffusionFolder : public ::testing::Test {
 protected:
  StableDiffusionFolder() { fs::copy(testing::test_data("img2img/sd1"), model, fs::copy_options::recursive); }

  testing::TemporaryFolder folder;
  fs::path model = folder / "model";
};

TEST_F(StableDiffusionFolder, UsesAllOfTheGoldenOne) {
  EXPECT_TRUE(unused_parts(model).empty());
}

TEST_F(StableDiffusionFolder, NamesUnusedPartsInWhateverCaseAndFolder) {
  fs::create_directories(model / "Safety_Checker");
  fs::create_directories(model / "exploration");  // holds "lora", and is no file
  write_file(model / "MyLoRA.safetensors", "x");
  write_file(model / "unet/pytorch_lora_weights.bin", "x");
  write_file(model / "text_encoder/STYLE_LORA.pt", "x");
  write_file(model / "vae/lora.txt", "x");  // where nobody looks for one
  EXPECT_EQ(
      unused_parts(model),
      (std::vector<std::string>{
          "MyLoRA.safetensors", "Safety_Checker", "text_encoder/STYLE_LORA.pt", "unet/pytorch_lora_weights.bin"}));
}

TEST_F(StableDiffusionFolder, SaysOnceWhatIsNotUsed) {
  fs::create_directories(model / "safety_checker");
  const testing::CapturedLog log;
  check_stable_diffusion_folder(model);
  check_stable_diffusion_folder(model);
  check_stable_diffusion_folder(model / "unet/..");
  ASSERT_EQ(log.warnings().size(), 1U);
  EXPECT_NE(log.warnings()[0].find("safety_checker is not used"), std::string::npos) << log.warnings()[0];
}

// As a textual inversion leaves it whose text encoder was not copied.
TEST_F(StableDiffusionFolder, NamesBothFilesWhereATokenHasNoEmbedding) {
  Json config = read_json(model / "tokenizer/tokenizer_config.json");
  config["added_tokens_decoder"]["519"] = {{"content", "<my-cat>"}};
  write_json(model / "tokenizer/tokenizer_config.json", config);
  const StableDiffusionOptions options{.folder = model};
  EXPECT_ERROR(StableDiffusion(options, {}),
               (model / "tokenizer/tokenizer_config.json").string(),
               "the token \"<my-cat>\" has the id 519",
               (model / "text_encoder/config.json").string() + "\" has embeddings for 0 to 518",
               "copy the text encoder that was saved with this tokenizer");
  Json encoder = read_json(model / "text_encoder/config.json");
  encoder["vocab_size"] = 520;
  write_json(model / "text_encoder/config.json", encoder);
  StableDiffusion(options, {});
}

}  // namespace
}  // namespace fmri2img::diffusion
