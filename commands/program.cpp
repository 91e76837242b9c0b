#include "commands/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "commands/common_options.h"
#include "commands/config_file.h"
#include "commands/registry.h"
#include "commands/shell_words.h"
#include "commands/terminal.h"

namespace fmri2img::commands {
namespace {

/// The parser with every command declared on it.
class Parser {
 public:
  Parser() : app_("fmri2img turns the fMRI response to a picture into an image of that picture.", "fmri2img") {
    app_.set_version_flag("--version", version());
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(34);
    app_.footer("fmri2img COMMAND --help says how to use a command, with an example.");
    for (Command& command : commands_) declare(command);
  }

  /// True where there is something to run: --help and --version print and end.
  bool parse(std::vector<std::string> words) {
    check_command_name(words);
    words = expand_config_files(words);
    std::reverse(words.begin(), words.end());  // CLI11 takes them last first
    try {
      app_.parse(words);
      return true;
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app_.exit(error) != 0;
      const std::string name = chosen() ? " " + chosen()->name : "";
      fail(ErrorKind::kWrongUsage, "{}\n  see: fmri2img{} --help", error.what(), name);
    }
  }

  /// The command on the line, or null where the line names none.
  const Command* chosen() const {
    const auto parsed = app_.get_subcommands();
    if (parsed.empty()) return nullptr;
    const auto is_chosen = [&](const Command& command) { return command.name == parsed.front()->get_name(); };
    return &*std::find_if(commands_.begin(), commands_.end(), is_chosen);
  }

  bool quiet() const { return quiet_; }

 private:
  void check_command_name(const std::vector<std::string>& words) const {
    if (words.empty() || words.front().starts_with("-")) return;
    std::vector<std::string> names;
    for (const Command& command : commands_) names.push_back(command.name);
    FMRI2IMG_CHECK_USAGE(std::find(names.begin(), names.end(), words.front()) != names.end(),
                         "there is no command \"{}\"{}\n  see: fmri2img --help",
                         words.front(),
                         did_you_mean(words.front(), names));
  }

  void declare(Command& command) {
    CLI::App* sub = app_.add_subcommand(command.name, command.summary);
    sub->add_flag("--quiet", quiet_, "Print warnings and results only");
    sub->add_option("--config", config_, "Read options from a TOML file with the same names");
    command.usage(*sub);
  }

  std::vector<Command> commands_ = all_commands();
  CLI::App app_;
  bool quiet_ = false;
  std::string config_;
};

void run_chosen(const Parser& parser, const std::vector<std::string>& words) {
  std::vector<std::string> typed{"fmri2img"};
  typed.insert(typed.end(), words.begin(), words.end());
  std::vector<std::string> outer = command_line();
  set_command_line(typed);
  with_context("while running: " + shell_line(typed), [&] { parser.chosen()->run(); });
  set_command_line(std::move(outer));
}

}  // namespace

void run_command_line(const std::vector<std::string>& words) {
  Parser parser;
  if (parser.parse(words)) run_chosen(parser, words);
}

int run_program(const std::vector<std::string>& words) {
  try {
    Parser parser;
    if (!parser.parse(words)) return 0;
    show_messages_on_stderr(parser.quiet());
    run_chosen(parser, words);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "fmri2img: {}\n", error.what());
    return static_cast<int>(error.kind());
  }
}

}  // namespace fmri2img::commands
