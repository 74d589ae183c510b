// SPDX-License-Identifier: MIT
// A completion script for bash: tables as case commands, one for verbs, options, values and arguments, and a function that walks the words.
#include <algorithm>

#include "manual/tables.hpp"

namespace gapwright::manual {
namespace {

/// The four tables, as the branches of their case commands. A path is a verb with its verbs above: "explore regime".
struct Branches {
  std::string verbs, options, values, arguments;
};

/// Names come from our own tables; an apostrophe in one would end the quotes.
std::string quoted(const std::string& text) {
  std::string kept = text;
  std::erase(kept, '\'');
  return "'" + kept + "'";
}

std::string list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string branch(const std::string& pattern, const std::string& words) {
  return words.empty() ? "" : "    " + pattern + ") echo " + quoted(words) + " ;;\n";
}

std::vector<std::string> names_of(const std::vector<Option>& options) {
  std::vector<std::string> names;
  for (const Option& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

/// What an option takes: its choices, "-" for any value, nothing for a flag. Shared options stand behind every path.
std::string value_branches(const std::string& path, const Option& option, bool shared) {
  if (option.value.empty()) return "";
  std::string pattern;
  for (const std::string& name : option.names)
    pattern +=
        (pattern.empty() ? "" : "|") + (shared ? "*" + quoted(" " + name) : quoted(std::string(path).append(" ").append(name)));
  return branch(pattern, option.choices.empty() ? "-" : list(option.choices));
}

void add(Branches& branches, const std::string& path, const Verb& verb) {
  std::vector<std::string> verbs, arguments;
  for (const Verb& below : verb.verbs) verbs.push_back(below.name);
  for (const Option& argument : verb.positionals)
    arguments.insert(arguments.end(), argument.choices.begin(), argument.choices.end());
  branches.verbs += branch(quoted(path), list(verbs));
  branches.arguments += branch(quoted(path), list(arguments));
  if (!path.empty()) branches.options += branch(quoted(path), list(names_of(verb.options)));
  for (const Verb& below : verb.verbs) add(branches, path + (path.empty() ? "" : " ") + below.name, below);
  for (const Option& option : verb.options)
    branches.values += value_branches(path, option, path.empty());  // the shared ones are last
}

std::string table(const std::string& name, const std::string& key, const std::string& branches) {
  return name + "() {\n  case " + key + " in\n" + branches + "    *) ;;\n  esac\n}\n";
}

constexpr const char* kWalk = R"sh(
NAME() {
  local cur=${COMP_WORDS[COMP_CWORD]} path='' option='' word i words
  [ "$cur" = '=' ] && cur=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [ "$word" = '=' ]; then  # bash cuts --option=value into three words
      continue
    elif [ -n "$option" ]; then
      option=
    elif [[ $word == -* ]]; then
      [ -n "$(NAME_values "$path $word")" ] && option=$word
    elif [[ " $(NAME_verbs "$path") " == *" $word "* ]]; then
      path=${path:+$path }$word
    fi
  done
  if [ -n "$option" ]; then
    words=$(NAME_values "$path $option")
  elif [[ $cur == -* ]]; then
    words="$(NAME_options "$path") SHARED"
  else
    words="$(NAME_verbs "$path") $(NAME_arguments "$path")"
  fi
  COMPREPLY=()
  [ "$words" = - ] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o bashdefault -o default -F NAME PROGRAM
)sh";

std::string replaced(std::string text, const std::string& word, const std::string& by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
  return text;
}

}  // namespace

std::string bash_completion(const Program& program) {
  Branches branches;
  add(branches, "", program.root);
  std::string name = "_" + program.root.name;
  std::replace(name.begin(), name.end(), '-', '_');
  const std::string walk =
      replaced(replaced(kWalk, "SHARED", list(names_of(program.root.options))), "PROGRAM", program.root.name);
  return "# bash completion of " + program.root.name + " " + program.version + ", made from its option tables\n" +
         table(name + "_verbs", "\"$1\"", branches.verbs) + table(name + "_options", "\"$1\"", branches.options) +
         table(name + "_values", "\"$1\"", branches.values) + table(name + "_arguments", "\"$1\"", branches.arguments) +
         replaced(walk, "NAME", name);
}

}  // namespace gapwright::manual
