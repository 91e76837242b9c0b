#include "fmri2img/simulation/look.h"

namespace fmri2img::simulation {
namespace {

constexpr Colour kSun{1, .93F, .5F};
constexpr Colour kMoon{.95F, .95F, .85F};

// In the order of Place.
constexpr std::array<Look, kPlaceNames.size()> kLooks = {{
    {{.35F, .60F, .93F},
     {.75F, .88F, .98F},
     {.25F, .50F, .28F},
     {.40F, .66F, .25F},
     {.22F, .50F, .14F},
     .08F,
     .06F,
     .9F,
     .5F,
     kSun},
    {{.30F, .60F, .95F},
     {.80F, .90F, .97F},
     {.08F, .45F, .68F},
     {.93F, .84F, .62F},
     {.85F, .70F, .45F},
     .08F,
     .04F,
     .7F,
     .6F,
     kSun},
    {{.60F, .70F, .82F},
     {.85F, .88F, .93F},
     {.50F, .58F, .70F},
     {.93F, .95F, .98F},
     {.80F, .86F, .95F},
     .05F,
     .02F,
     .0F,
     .0F,
     kSun},
    {{.03F, .03F, .14F},
     {.12F, .12F, .32F},
     {.05F, .06F, .12F},
     {.10F, .14F, .14F},
     {.05F, .07F, .10F},
     .03F,
     .02F,
     .0F,
     .7F,
     kMoon},
    {{.78F, .70F, .58F},
     {.70F, .63F, .52F},
     {.35F, .22F, .12F},
     {.50F, .30F, .17F},
     {.40F, .24F, .14F},
     .15F,
     .01F,
     .0F,
     .0F,
     kSun},
    {{.60F, .68F, .78F},
     {.85F, .86F, .87F},
     {.30F, .30F, .32F},
     {.42F, .42F, .44F},
     {.30F, .30F, .32F},
     .05F,
     .03F,
     .0F,
     .0F,
     kSun},
    {{.45F, .65F, .92F},
     {.92F, .85F, .78F},
     {.20F, .35F, .50F},
     {.12F, .45F, .66F},
     {.03F, .20F, .42F},
     .08F,
     .02F,
     .7F,
     .5F,
     {1, .8F, .45F}},
}};

}  // namespace

const Look& look_of(Place place) {
  return kLooks[static_cast<size_t>(place)];
}

}  // namespace fmri2img::simulation
