#include "fmri2img/models/clip/clip_embedder.h"

#include "fmri2img/io/torch_script.h"
#include "tests/parity/clip/golden_clip.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::models {
namespace {

// Golden: folders that transformers 5.24 saved (both towers in half precision with quick GELU; the picture tower alone
// with GELU and patches that leave pixels over), and OpenAI's own format. From 8-bit pictures of several sizes on.
TEST(ClipEmbedder, ReproducesReferenceValues) {
  for (const std::string name : {"clip", "vision", "openai"}) {
    SCOPED_TRACE(name);
    const auto embedder = open_image_embedder(clip_data(name == "openai" ? "openai.pt" : name));
    EXPECT_WITHIN(embedder->embed(golden_pictures()), clip_answers(name).at("picture_embeddings"), kFloatTolerance);
  }
}

TEST(ClipEmbedder, ReproducesReferenceValues_Bfloat16) {
  for (const std::string name : {"clip", "vision", "openai"}) {
    SCOPED_TRACE(name);
    const auto embedder = open_image_embedder(clip_data(name == "openai" ? "openai.pt" : name), at::kBFloat16);
    const at::Tensor embeddings = embedder->embed(golden_pictures());
    EXPECT_EQ(embeddings.scalar_type(), at::kFloat);
    EXPECT_WITHIN(embeddings, clip_answers(name).at("picture_embeddings"), kBfloat16Tolerance);
  }
}

TEST(ClipEmbedder, EmbedsTextsAsTheReference) {
  for (const std::string name : {"clip", "openai"}) {
    for (const auto dtype : {at::kFloat, at::kBFloat16}) {
      SCOPED_TRACE(fmt::format("{} in {}", name, c10::toString(dtype)));
      ClipEmbedder embedder(load_clip(clip_data(name == "openai" ? "openai.pt" : name)), dtype, at::kCPU);
      const io::StateDict expected = clip_answers(name);
      const double tolerance = dtype == at::kFloat ? kFloatTolerance : kBfloat16Tolerance;
      EXPECT_WITHIN(embedder.embed_text(expected.at("ids")), expected.at("text_embeddings"), tolerance);
      EXPECT_WITHIN(embedder.embed(golden_pictures()), expected.at("picture_embeddings"), tolerance);
    }
  }
}

TEST(ClipEmbedder, ClassifiesAsTheReference) {
  ClipEmbedder embedder(load_clip(clip_data("clip")), at::kFloat, at::kCPU);
  const io::StateDict expected = clip_answers("clip");
  const at::Tensor texts = embedder.embed_text(expected.at("ids"));
  EXPECT_WITHIN(embedder.classify(embedder.embed(golden_pictures()), texts), expected.at("logits").softmax(1), 1e-4);
}

TEST(ClipEmbedder, EmbedsEachPictureByItself) {
  const auto embedder = open_image_embedder(clip_data("clip"));
  std::vector<at::Tensor> many;
  for (int i = 0; i < 5; ++i) {
    for (const at::Tensor& picture : golden_pictures()) many.push_back(picture);
  }
  const at::Tensor together = embedder->embed(many);  // more than go through the network at once
  ASSERT_EQ(together.size(0), 20);
  for (size_t i = 0; i < many.size(); i += 7) {
    const at::Tensor alone = embedder->embed(std::span(many).subspan(i, 1));
    EXPECT_WITHIN(together.narrow(0, static_cast<int64_t>(i), 1), alone, 1e-6);
  }
  EXPECT_EQ(embedder->embed({}).sizes(), (std::vector<int64_t>{0, 24}));
}

// The same names in a plain state dict; the values are those of the archive.
TEST(ClipEmbedder, ReadsAStateDictOfOpenAisNames) {
  const testing::TemporaryFolder folder;
  io::StateDict tensors = io::read_torch_script(clip_data("openai.pt"));
  for (const char* number : {"input_resolution", "context_length", "vocab_size"}) tensors.erase(number);
  for (auto& [name, tensor] : tensors) tensor = tensor.contiguous();
  io::write_safetensors(folder / "ViT.safetensors", tensors);
  EXPECT_WITHIN(open_image_embedder(folder / "ViT.safetensors")->embed(golden_pictures()),
                clip_answers("openai").at("picture_embeddings"),
                kFloatTolerance);
}

TEST(ClipEmbedder, FindsTheFolderInAZoo) {
  const testing::TemporaryFolder zoo;
  std::filesystem::copy(clip_data("clip"), zoo / "clip");
  EXPECT_WITHIN(open_image_embedder(zoo.path())->embed(golden_pictures()),
                clip_answers("clip").at("picture_embeddings"),
                kFloatTolerance);
}

TEST(ClipEmbedder, SaysThatThereIsNoTextTower) {
  ClipEmbedder embedder(load_clip(clip_data("vision")), at::kFloat, at::kCPU);
  EXPECT_ERROR(embedder.embed_text(at::zeros({1, 4}, at::kLong)), "no text tower");
}

}  // namespace
}  // namespace fmri2img::models
