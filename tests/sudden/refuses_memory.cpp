// SPDX-License-Identifier: MIT
// What comes in: a place and an output file, half of which is written; then memory (or a thread) is refused at that place, from where no exception may
// pass. What goes out: the end that cli/guard promises, or, with a third word "plain", that of a program without it. Called by refuses_memory.py.
#include <gmpxx.h>

#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "cli/guard.hpp"
#include "support/files.hpp"

namespace {

constexpr std::size_t kTooMuch = std::size_t{1} << 30;  // the guard allows 64 MB

void take_too_much() { ::operator delete(::operator new(kTooMuch)); }  // these calls, unlike new-expressions, are never left out

struct Last {
  std::function<void()> work;
  ~Last() { work(); }
};

void at_the_end_of_a_scope(const std::function<void()>& work) { const Last last{work}; }
void in_a_thread(const std::function<void()>& work) { std::thread(work).join(); }
void in_noexcept(const std::function<void()>& work) noexcept { work(); }

const std::map<std::string, std::function<void()>>& places() {
  static const std::map<std::string, std::function<void()>> all{
      {"destructor", [] { at_the_end_of_a_scope(take_too_much); }},
      {"thread", [] { in_a_thread(take_too_much); }},
      {"noexcept", [] { in_noexcept(take_too_much); }},
      {"unwinding",
       [] {
         try {
           const Last last{take_too_much};
           throw std::runtime_error("something else");
         } catch (const std::runtime_error&) {
         }
       }},
      {"gmp-in-a-thread",
       [] {
         in_a_thread([] {
           mpz_class n = 1;
           n <<= kTooMuch * 8;
         });
       }},
      {"length-in-a-thread", [] { in_a_thread([] { std::string().resize(SIZE_MAX); }); }},
      {"no-thread-in-a-destructor",
       [] {
         at_the_end_of_a_scope([] { throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)); });
       }},
      {"another-failure-in-a-thread", [] { in_a_thread([] { throw std::runtime_error("no memory is missing here"); }); }}};
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const auto place = argc > 2 ? places().find(argv[1]) : places().end();
  if (place == places().end()) return 99;
  gapwright::cli::guard_memory(mpz_class(64) << 20, 2);
  if (argc > 3) std::set_terminate(std::abort);
  gapwright::OutputFile out(argv[2]);
  out.write("half of it");
  place->second();
  out.commit();
  return 0;
}
