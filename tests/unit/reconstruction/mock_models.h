#pragma once

#include <torch/torch.h>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/reconstruct.h"
#include "tests/unit/reconstruction/made_up_subject.h"

namespace fmri2img::reconstruction {

/// Counts calls; a call beyond the allowed ones dies, as a killed run would.
struct CallLimit {
  int64_t calls = 0;
  int64_t allowed = std::numeric_limits<int64_t>::max();
  void count() {
    if (++calls > allowed) fail(ErrorKind::kFailed, "killed");
  }
};

/// What the mocks share: how far they may go and what they did.
struct MockState {
  CallLimit limit;
  std::map<std::string, int64_t> opened;  ///< model -> times
  std::map<uint64_t, int64_t> refined;    ///< seed -> times
  std::vector<std::string> prompts;
  std::vector<size_t> refine_batches;
  double shift = 0;  ///< added to every decoded value
};

/// Knows the answer: the responses are the latents, of member i faded by .8^i.
class FadingDecoder : public decoding::LatentDecoder {
 public:
  FadingDecoder(MockState& state, double fading) : state_(state), fading_(fading) {}
  at::Tensor predict(const at::Tensor& responses) override {
    state_.limit.count();
    return responses.view({-1, 1, kSide, kSide}) * fading_;
  }

 private:
  MockState& state_;
  double fading_;
};

/// Grey pixels as latents.
class GreyCodec : public models::LatentCodec {
 public:
  explicit GreyCodec(const MockState& state, int64_t side = kSide) : state_(state), side_(side) {}
  std::string name() const override { return "grey"; }
  Json config() const override { return Json::object(); }
  models::LatentShape latent_shape() const override { return {1, side_, side_}; }
  models::PictureSize picture_size() const override { return {side_, side_, 1}; }
  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator>) override { return pictures; }
  at::Tensor decode(const at::Tensor& latents) override { return latents.clamp(0, 1) + state_.shift; }

 private:
  const MockState& state_;
  int64_t side_;
};

/// Says how bright a picture is, and that it is blurry.
class BrightnessCaptioner : public models::Captioner {
 public:
  explicit BrightnessCaptioner(MockState& state) : state_(state) {}
  std::vector<models::Caption> caption(std::span<const at::Tensor> pictures) override {
    state_.limit.count();
    std::vector<models::Caption> captions;
    for (const at::Tensor& picture : pictures) {
      const auto brightness = picture.to(at::kLong).sum().item<int64_t>();
      captions.push_back({{1, brightness, 2}, "a blurry picture of blurry " + std::to_string(brightness)});
    }
    return captions;
  }

 private:
  MockState& state_;
};

/// Twice the size, with noise of the request's own seed; two at a time, each in as many evaluations as jobs expect.
class NoisyRefiner : public diffusion::ImageRefiner {
 public:
  explicit NoisyRefiner(MockState& state) : state_(state) {}
  void refine(std::span<const diffusion::RefineRequest> requests, const diffusion::OnPicture& on_picture) override {
    state_.refine_batches.push_back(requests.size());
    for (size_t first = 0; first < requests.size(); first += kTogether) {
      state_.limit.count();
      const auto group = requests.subspan(first, std::min(kTogether, requests.size() - first));
      for (int64_t i = 0; i < kEvaluations; ++i) on_evaluation(static_cast<int64_t>(group.size()));
      for (size_t i = 0; i < group.size(); ++i) on_picture(first + i, make(group[i]));
    }
  }

  static constexpr size_t kTogether = 2;
  static constexpr int64_t kEvaluations = 38;

 private:
  at::Tensor make(const diffusion::RefineRequest& request) {
    ++state_.refined[request.seed];
    state_.prompts.push_back(request.prompt);
    const at::Tensor large = request.picture.repeat_interleave(2, 0).repeat_interleave(2, 1).to(at::kFloat);
    const at::Tensor noise = at::randn(large.sizes(), make_generator(request.seed)) * 20;
    return (large + noise).clamp(0, 255).to(at::kByte);
  }

  MockState& state_;
};

/// Pixels at 4 x 4 as the embedding.
class PixelEmbedder : public models::ImageEmbedder {
 public:
  explicit PixelEmbedder(MockState& state) : state_(state) {}
  at::Tensor embed(std::span<const at::Tensor> pictures) override {
    state_.limit.count();
    std::vector<at::Tensor> rows;
    for (const at::Tensor& picture : pictures) {
      const at::Tensor values = picture.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat);
      rows.push_back(at::adaptive_avg_pool2d(values, {kSide, kSide}).mean(1).flatten() + 1);
    }
    return at::stack(rows);
  }

 private:
  MockState& state_;
};

inline Member mock_member(const std::string& name, std::vector<int64_t> train_rows) {
  Member member{name, name, {}};
  member.record.kind = "ridge";
  member.record.codec = {{"name", "grey"}};
  member.record.latent_shape = {1, kSide, kSide};
  member.record.vertices.num_vertices = kVertices;
  for (int64_t i = 0; i < kVertices; ++i) member.record.vertices.columns.push_back(i);
  member.record.train_rows = std::move(train_rows);
  return member;
}

inline ModelOpeners mock_openers(MockState& state) {
  ModelOpeners open;
  open.decoder = [&state](const Member& member) {
    ++state.opened["decoder"];
    return std::make_unique<FadingDecoder>(state, std::pow(0.8, member.name.back() - 'a'));
  };
  open.codec = [&state](const Json&) {
    ++state.opened["codec"];
    return std::make_unique<GreyCodec>(state);
  };
  open.captioner = [&state] {
    ++state.opened["captioner"];
    return std::make_unique<BrightnessCaptioner>(state);
  };
  open.refiner = [&state] {
    ++state.opened["refiner"];
    return std::make_unique<NoisyRefiner>(state);
  };
  open.embedder = [&state] {
    ++state.opened["embedder"];
    return std::make_unique<PixelEmbedder>(state);
  };
  return open;
}

}  // namespace fmri2img::reconstruction
