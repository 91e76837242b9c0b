#include <array>

#include "fmri2img/diffusion/scheduler_keys.h"

namespace fmri2img::diffusion {
namespace {

struct NamedClass {
  std::string_view name;  // of --scheduler
  std::string_view class_name;
  Scheduler scheduler;
  bool use_karras_sigmas = false;
};

constexpr std::array kClasses = {
    NamedClass{"pndm", "PNDMScheduler", Scheduler::kPndm},
    NamedClass{"ddim", "DDIMScheduler", Scheduler::kDdim},
    NamedClass{"dpm++2m", "DPMSolverMultistepScheduler", Scheduler::kDpmSolver},
    NamedClass{"dpm++2m-karras", "DPMSolverMultistepScheduler", Scheduler::kDpmSolver, /*use_karras_sigmas=*/true},
    NamedClass{"euler", "EulerDiscreteScheduler", Scheduler::kEuler},
    NamedClass{"euler-ancestral", "EulerAncestralDiscreteScheduler", Scheduler::kEulerAncestral},
    NamedClass{"unipc", "UniPCMultistepScheduler", Scheduler::kUniPc},
    NamedClass{"lcm", "LCMScheduler", Scheduler::kLcm},
};

std::string scheduler_names() {
  std::vector<std::string_view> names;
  for (const NamedClass& known : kClasses) names.push_back(known.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

SchedulerChoice parse_scheduler_name(std::string_view name) {
  for (const NamedClass& known : kClasses) {
    if (known.name == name) return {known.scheduler, known.use_karras_sigmas};
  }
  fail(ErrorKind::kWrongUsage, "--scheduler \"{}\" is not known: choose one of {}", name, scheduler_names());
}

Scheduler scheduler_of_class(const std::string& class_name, const std::string& where) {
  for (const NamedClass& known : kClasses) {
    if (known.class_name == class_name) return known.scheduler;
  }
  fail(ErrorKind::kBadInput,
       "{}: \"_class_name\" is \"{}\", a scheduler that is not known: choose another with --scheduler: {}",
       where,
       class_name,
       scheduler_names());
}

}  // namespace fmri2img::diffusion
