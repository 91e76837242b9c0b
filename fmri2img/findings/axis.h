#pragma once

#include <span>
#include <string>
#include <vector>

namespace fmri2img::findings {

/// The numbers along one side of a chart.
struct Axis {
  double low = 0, high = 1;  ///< low < high
  bool log = false;          ///< then low > 0
  std::vector<double> ticks;

  /// 0 at `low`, 1 at `high`. Not finite where `value` is not, or not positive on a logarithmic axis.
  [[nodiscard]] double position(double value) const;
};

enum class AxisEnds { kAtTicks, kAtValues };

struct AxisOptions {
  bool log = false;                    ///< linear all the same if no value is positive
  AxisEnds ends = AxisEnds::kAtTicks;  ///< at values: the axis ends with its outermost values
  int most_ticks = 6;                  ///< about
  bool whole = false;                  ///< linear: no ticks between whole numbers
};

/// An axis that holds all finite values, with ticks at round numbers: 1, 2 or 5 times a power of ten apart; on a
/// logarithmic axis that spans little, as on a linear one. Values that are not finite (or not positive, if
/// logarithmic) are passed over; with none left it runs from 0 to 1.
Axis fit_axis(std::span<const double> values, const AxisOptions& options = {});

/// A tick as it is written: "0.25", "1500", "1e-06".
std::string tick_label(double tick);

}  // namespace fmri2img::findings
