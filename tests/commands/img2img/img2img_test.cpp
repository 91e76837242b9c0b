// `fmri2img img2img`: a picture redrawn. Truth: diffusers' pipeline on the committed folder (tests/parity/img2img).
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/models/latent_codec.h"
#include "tests/support/float32_copy.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Img2ImgCommand : public ::testing::Test {
 protected:
  Img2ImgCommand() { io::write_png(folder / "one.png", golden.at("picture.one")); }

  testing::ProgramResult run(const std::string& rest, const std::string& image = {}) const {
    const std::string picture = image.empty() ? (folder / "one.png").string() : image;
    return testing::run_program("img2img --quiet --image " + picture + " --out " + (folder / "out.png").string() + " " +
                                rest);
  }

  testing::ProgramResult run_to(const std::string& outputs) const {
    return testing::run_program("img2img --quiet --steps 2 --image " + (folder / "one.png").string() + " " + outputs);
  }

  /// A copy of the golden folder that a test may spoil.
  fs::path copied_model() const {
    fs::copy(model, folder / "model", fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    return folder / "model";
  }

  /// The copy with one tensor of the unet changed.
  template <class Change> std::string with_unet(const Change& change) const {
    const fs::path copy = copied_model(), file = copy / "unet/diffusion_pytorch_model.safetensors";
    io::StateDict tensors;
    for (const auto& [name, tensor] : io::read_safetensors(file)) tensors[name] = tensor.clone();
    change(tensors);
    io::write_safetensors(file, tensors);
    return "--prompt dog --model " + copy.string();
  }

  /// A copy whose diffusion cannot begin: what is refused before it has another message.
  std::string with_unreadable_unet() const {
    const fs::path copy = copied_model();
    write_file(copy / "unet/diffusion_pytorch_model.safetensors", "torn");
    return "--prompt dog --model " + copy.string() + " ";
  }

  /// The golden AutoencoderTiny cut to two levels and `channels` latent channels: 2 x 2 pixels a latent, as the
  /// model's.
  std::string write_preview(int64_t channels) const {
    const fs::path golden_tiny = testing::test_data("models/tiny_fp16"), made = folder / "preview";
    fs::create_directories(made);
    Json config = read_json(golden_tiny / "config.json");
    for (const char* key : {"block_out_channels", "decoder_block_out_channels", "encoder_block_out_channels"})
      config[key] = {config[key][0], config[key][1]};
    config["num_encoder_blocks"] = {1, 2};
    config["num_decoder_blocks"] = {2, 1};
    config["latent_channels"] = channels;
    write_json(made / "config.json", config);
    const std::map<std::string, std::string> renamed = {{"encoder.layers.5", ""},
                                                        {"encoder.layers.6", ""},
                                                        {"encoder.layers.7", "encoder.layers.5"},
                                                        {"decoder.layers.8", ""},
                                                        {"decoder.layers.9", ""},
                                                        {"decoder.layers.10", "decoder.layers.7"}};
    io::StateDict tensors;
    for (const auto& [name, tensor] : io::read_safetensors(golden_tiny / "diffusion_pytorch_model.safetensors")) {
      const std::string layer = name.substr(0, name.find('.', std::string("encoder.layers.").size()));
      const auto found = renamed.find(layer);
      if (found == renamed.end()) tensors[name] = tensor.clone();
      if (found == renamed.end() || found->second.empty()) continue;
      tensors[found->second + name.substr(layer.size())] = tensor.clone();
    }
    for (const char* name : {"encoder.layers.5.weight", "encoder.layers.5.bias"})
      tensors[name] = tensors.at(name).narrow(0, 0, channels).clone();
    tensors["decoder.layers.0.weight"] = tensors.at("decoder.layers.0.weight").narrow(1, 0, channels).clone();
    io::write_safetensors(made / "diffusion_pytorch_model.safetensors", tensors);
    return made.string();
  }

  void expect_refused(const testing::ProgramResult& result,
                      int code,
                      const ::testing::Matcher<std::string>& message) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_THAT(result.err, message);
    EXPECT_FALSE(fs::exists(folder / "out.png"));
  }

  testing::TemporaryFolder folder;
  io::StateDict golden = io::read_safetensors(testing::test_data("img2img/sd1_answers.safetensors"));
  fs::path model = testing::test_data("img2img/sd1");
  std::string usual = "--prompt 'a photo of a dog' --seed 7 --model " + model.string() + " ";
};

TEST_F(Img2ImgCommand, MakesTheReferencesPictureAndLatents) {
  const auto result = run(usual + "--json --latents-out " + (folder / "latents.npy").string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json made = parse_json(result.out, "stdout");
  EXPECT_EQ(made["evaluations"], 38);
  EXPECT_EQ(made["width"], 32);
  EXPECT_EQ(made["seed"], 7);
  const at::Tensor difference =
      (io::read_image(folder / "out.png").to(at::kInt) - golden.at("pndm.pictures")[0].to(at::kInt)).abs();
  EXPECT_LE((difference > 1).to(at::kDouble).mean().item<double>(), 1e-3);
  const at::Tensor latents = io::read_npy(folder / "latents.npy");
  EXPECT_TRUE(at::allclose(latents, golden.at("pndm.latents")[0], 1e-3, 1e-3));
}

TEST_F(Img2ImgCommand, GivesTheSizeThatIsAskedFor) {
  const auto result = run(usual + "--steps 2 --width 51 --height 20");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(io::read_image(folder / "out.png").sizes(), (std::vector<int64_t>{20, 50, 3}));
}

TEST_F(Img2ImgCommand, ComputesAHalfPrecisionFolderInFloat32OnACpu) {
  testing::copy_in_float32(model, folder / "float32");
  const auto latents = [&](const fs::path& folder_of_model, std::string* said) {
    const fs::path file = folder / "latents.npy";
    const auto result =
        testing::run_program(fmt::format("img2img --device cpu --steps 4 --prompt dog --model {} --image "
                                         "{} --out {} --latents-out {}",
                                         folder_of_model.string(),
                                         (folder / "one.png").string(),
                                         (folder / "out.png").string(),
                                         file.string()));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    *said = result.err;
    return io::read_npy(file).clone();
  };
  std::string of_half, of_float;
  EXPECT_TRUE(at::equal(latents(model, &of_half), latents(folder / "float32", &of_float)));
  EXPECT_THAT(of_half, HasSubstr("text_encoder/model.safetensors\" holds float16 weights: such are converted"));
  EXPECT_THAT(of_float, ::testing::Not(HasSubstr("converted")));
}

TEST_F(Img2ImgCommand, HelpSaysWhatBecomesOfDataTypes) {
  const auto help = testing::run_program("img2img --help");
  EXPECT_THAT(help.out, AllOf(HasSubstr("(on a GPU) fp16"), HasSubstr("another type are converted")));
}

TEST_F(Img2ImgCommand, TakesPicturesOfEveryKind) {
  for (const char* name : {"cmyk.jpg", "grey.jpg", "rgba8.png", "palette4.png"}) {
    const auto result =
        run(usual + "--steps 2", testing::test_data(std::string("io_models/pictures/") + name).string());
    EXPECT_EQ(result.exit_code, 0) << name << result.err;
  }
}

TEST_F(Img2ImgCommand, DecodesWithThePreviewModel) {
  const std::string preview = write_preview(4);
  const auto result = run(usual + "--preview-model " + preview + " --latents-out " + (folder / "latents.npy").string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const at::Tensor latents = io::read_npy(folder / "latents.npy");
  EXPECT_TRUE(at::allclose(latents, golden.at("pndm.latents")[0], 1e-3, 1e-3)) << "the diffusion is the same";
  const auto codec = models::open_codec(preview, {.latent_size = std::pair(12, 16)});
  const at::Tensor expected = io::to_pixels(codec->decode(latents.unsqueeze(0))[0]).to(at::kInt);
  const at::Tensor made = io::read_image(folder / "out.png").to(at::kInt);
  EXPECT_LE((made - expected).abs().max().item<int>(), 1);
  EXPECT_GT((made - golden.at("pndm.pictures")[0].to(at::kInt)).abs().max().item<int>(), 10);
}

TEST_F(Img2ImgCommand, RefusesAPreviewModelThatDoesNotFitBeforeTheDiffusion) {
  const std::string spoiled = with_unreadable_unet();
  expect_refused(run(spoiled + "--preview-model " + (folder / "nowhere").string()),
                 3,
                 AllOf(HasSubstr("nowhere"), HasSubstr("not there")));
  expect_refused(run(spoiled + "--preview-model " + write_preview(3)),
                 4,
                 AllOf(HasSubstr("--preview-model"), HasSubstr("3 channels"), HasSubstr("32 x 24 of 4")));
  const std::string coarse = testing::test_data("models/tiny_fp16").string();
  expect_refused(run(spoiled + "--preview-model " + coarse), 4, HasSubstr("64 x 48 pixels of latents with 5 channels"));
}

TEST_F(Img2ImgCommand, RefusesOutputsThatCannotBeWrittenBeforeTheDiffusion) {
  const std::string spoiled = with_unreadable_unet(), good = "--out " + (folder / "out.png").string();
  write_file(folder / "file", "x");
  fs::create_directories(folder / "folder.png");
  const auto in = [&](const char* name) { return (folder / name).string(); };
  expect_refused(
      run_to(spoiled + "--out " + in("nowhere/out.png")),
      2,
      AllOf(HasSubstr("--out"), HasSubstr(in("nowhere")), HasSubstr("not there"), HasSubstr("make it first")));
  expect_refused(run_to(spoiled + "--out " + in("file/out.png")), 2, AllOf(HasSubstr("--out"), HasSubstr("a file")));
  expect_refused(run_to(spoiled + "--out " + in("folder.png")), 2, AllOf(HasSubstr("--out"), HasSubstr("is a folder")));
  expect_refused(
      run_to(spoiled + "--out " + in("out.jpg")), 2, AllOf(HasSubstr("out.jpg"), HasSubstr("give a .png name")));
  expect_refused(run_to(spoiled + "--out /proc/out.png"), 1, HasSubstr("/proc/out.png"));
  expect_refused(run_to(spoiled + good + " --latents-out " + in("nowhere/z.npy")),
                 2,
                 AllOf(HasSubstr("--latents-out"), HasSubstr("not there")));
}

TEST_F(Img2ImgCommand, ItsErrorsNameTheCommandSoThatItCanBePasted) {
  const auto result = run("--steps 0 --prompt \"a dog's life\" --model " + model.string());
  EXPECT_THAT(result.err, HasSubstr(R"(--steps 0 --prompt 'a dog'\''s life' --model )"));
}

TEST_F(Img2ImgCommand, SaysWhatItCutsAndWhatItDoesNotUse) {
  const fs::path copy = copied_model();
  fs::create_directories(copy / "safety_checker");
  write_file(copy / "pytorch_lora_weights.safetensors", "x");
  write_file(copy / "text_encoder/Style_LoRA.safetensors", "x");
  std::string prompt;
  for (int i = 0; i < 90; ++i) prompt += "dog ";
  const auto result = run("--steps 2 --prompt '" + prompt + "' --model " + copy.string());
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("92 tokens"),
                    HasSubstr("cut to the 77"),
                    HasSubstr("safety_checker"),
                    HasSubstr("pytorch_lora_weights.safetensors"),
                    HasSubstr("text_encoder/Style_LoRA.safetensors"),
                    HasSubstr("not used")));
  const size_t notice = result.err.find("not used");
  EXPECT_EQ(result.err.find("not used", notice + 1), std::string::npos) << "said once: " << result.err;
}

TEST_F(Img2ImgCommand, RefusesOptionsOutOfRange) {
  expect_refused(run(usual + "--strength 0"), 2, HasSubstr("--strength is 0, expected more than 0 and at most 1"));
  expect_refused(run(usual + "--strength 2"), 2, HasSubstr("--strength is 2"));
  expect_refused(run(usual + "--steps 0"), 2, HasSubstr("--steps is 0"));
  expect_refused(run(usual + "--steps 1 --strength 0.5"), 2, HasSubstr("--strength"));
  expect_refused(run(usual + "--scheduler heun"), 2, AllOf(HasSubstr("heun"), HasSubstr("pndm, ddim, dpm++2m")));
  expect_refused(run(usual + "--dtype fp16 --device cpu"), 2, AllOf(HasSubstr("fp16"), HasSubstr("fp32 or bf16")));
  expect_refused(run(usual + "--guidance-until 1.5"), 2, HasSubstr("--guidance-until"));
  expect_refused(run(usual + "--reuse-features 0"), 2, HasSubstr("--reuse-features"));
  EXPECT_EQ(run(usual + "--strength 1 --steps 2").exit_code, 0);
}

TEST_F(Img2ImgCommand, RefusesPicturesThatItCannotUse) {
  io::write_png(folder / "dot.png", at::zeros({1, 1, 3}, at::kByte));
  expect_refused(run(usual, (folder / "dot.png").string()),
                 3,
                 AllOf(HasSubstr("dot.png"), HasSubstr("1 x 1"), HasSubstr("--width")));
  EXPECT_EQ(run(usual + "--steps 2 --width 16 --height 16", (folder / "dot.png").string()).exit_code, 0);
  fs::remove(folder / "out.png");
  // 512 bytes a pixel of this model: 33 GB for the picture's own size, and 33 PB, which no machine has.
  io::write_png(folder / "vast.png", at::zeros({8000, 8000, 1}, at::kByte));
  expect_refused(run(usual + "--width 8000000 --height 8000000", (folder / "vast.png").string()),
                 1,
                 AllOf(HasSubstr("vast.png"), HasSubstr("8000000 x 8000000"), HasSubstr("PB"), HasSubstr("--width")));
  EXPECT_EQ(run(usual + "--steps 2 --width 16 --height 16", (folder / "vast.png").string()).exit_code, 0);
  fs::remove(folder / "out.png");
  write_file(folder / "torn.png", read_file(folder / "one.png").substr(0, 60));
  expect_refused(
      run(usual, (folder / "torn.png").string()), 3, AllOf(HasSubstr("torn.png"), HasSubstr("copy it again")));
}

TEST_F(Img2ImgCommand, NamesWhatTheFolderLacks) {
  const fs::path copy = copied_model();
  for (const char* part : {"unet", "vae", "tokenizer", "text_encoder", "scheduler"}) fs::remove_all(copy / part);
  expect_refused(run("--prompt dog --model " + copy.string()),
                 3,
                 AllOf(HasSubstr(copy.string()),
                       HasSubstr("unet/config.json"),
                       HasSubstr("vae/config.json"),
                       HasSubstr("tokenizer/"),
                       HasSubstr("text_encoder/"),
                       HasSubstr("scheduler/")));
  expect_refused(run("--prompt dog --model " + (folder / "nowhere").string()), 3, HasSubstr("not there"));
}

TEST_F(Img2ImgCommand, NamesTensorsThatDoNotFit) {
  const std::string name = "conv_in.weight";
  expect_refused(run(with_unet([&](io::StateDict& tensors) { tensors.erase(name); })),
                 3,
                 AllOf(HasSubstr(name), HasSubstr("is missing")));
  expect_refused(run(with_unet([&](io::StateDict& tensors) { tensors["conv_extra.weight"] = at::zeros({2}); })),
                 3,
                 AllOf(HasSubstr("conv_extra.weight"), HasSubstr("unknown to the model")));
  expect_refused(run(with_unet([&](io::StateDict& tensors) {
                   tensors[name] = at::zeros({16, 5, 3, 3});
                 })),
                 3,
                 AllOf(HasSubstr(name), HasSubstr("16 x 5 x 3 x 3"), HasSubstr("16 x 4 x 3 x 3")));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_refused(run(with_unet([&](io::StateDict& tensors) { tensors[name].view(-1)[3] = nan; })),
                 3,
                 AllOf(HasSubstr(name), HasSubstr("NaN")));
}

TEST_F(Img2ImgCommand, RefusesAPickleThatIsNotTensors) {
  const fs::path unet = copied_model() / "unet";
  fs::remove(unet / "diffusion_pytorch_model.safetensors");
  fs::copy_file(testing::test_data("io_models/torch/calls_system.pt"), unet / "diffusion_pytorch_model.bin");
  expect_refused(run("--prompt dog --model " + (folder / "model").string()),
                 3,
                 AllOf(HasSubstr("diffusion_pytorch_model.bin"), HasSubstr("system")));
}

TEST_F(Img2ImgCommand, RefusesKeysThatItDoesNotKnow) {
  const fs::path config = copied_model() / "unet/config.json";
  Json json = read_json(config);
  json["only_cross_attention"] = true;
  write_json(config, json);
  expect_refused(run("--prompt dog --model " + (folder / "model").string()), 3, HasSubstr("only_cross_attention"));
}

}  // namespace
}  // namespace fmri2img::commands
