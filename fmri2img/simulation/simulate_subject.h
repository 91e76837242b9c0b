#pragma once

#include <cstdint>
#include <filesystem>

namespace fmri2img::simulation {

/// What a simulated subject is. Equal settings give equal files.
struct SubjectSettings {
  int64_t subject = 1;  ///< its number: decides its brain, and which pictures it sees
  int64_t left_vertices = 1153;
  int64_t right_vertices = 1247;
  int64_t train = 600;  ///< training pictures
  int64_t test = 40;    ///< test pictures; 0 for no test split
  int64_t untrained =
      0;  ///< pictures that nobody is trained on: the largest `test` of the seed's subjects, at least the own
  int64_t picture_size = 64;  ///< pixels of the picture files' sides; responses do not depend on it
  double ncsnr = 0.5;         ///< median signal-to-noise ratio of a single trial, over vertices
  uint64_t seed = 42;
};

/// The hemispheres of a subject with `vertices` in all, divided as subject 1's 39,548.
/// Throws Error (wrong usage) if they do not fit on fsaverage or are fewer than 100.
void set_vertices(SubjectSettings& settings, int64_t vertices);

/// Vertices and pictures of subject `subject` of the Algonauts 2023 challenge; pictures that any of the eight is tested
/// on are nobody's training pictures. Throws Error (wrong usage) unless it is 1 .. 8.
void set_full_size(SubjectSettings& settings, int64_t subject);

/// Throws Error (wrong usage) if there are more pictures than kPicturePool.
void check(const SubjectSettings& settings);

/// What a run takes.
struct SimulationCost {
  int64_t memory_bytes = 0;  ///< at once
  int64_t disk_bytes = 0;    ///< pictures estimated as incompressible
};
SimulationCost cost(const SubjectSettings& settings);

/// Writes one subject's folder in the Algonauts layout: responses, pictures, what they show (`scenes.jsonl` in each
/// split), ROI masks and the test split's noise ceilings. Pieces of 32 pictures: memory does not grow with their
/// number.
///
/// Throws Error as `check`, and (interrupted) between pieces if the user asked to stop; responses appear at the end,
/// whole.
void simulate_subject(const std::filesystem::path& folder, const SubjectSettings& settings);

}  // namespace fmri2img::simulation
