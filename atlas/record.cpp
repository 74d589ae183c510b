// SPDX-License-Identifier: MIT
// In: what is to be kept of a decision, and where. Out: a certificate; a checkpoint while the work goes on. atlas/decide calls.
#include "atlas/record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "atlas/lifted_assignment.hpp"
#include "atlas/with_name.hpp"
#include "support/shell_word.hpp"
#include "support/version.hpp"
#include "support/write_file.hpp"

namespace gapwright {
namespace {

std::string checkpoint_path(const RecordRequest& request) {
  if (!request.checkpoint.empty()) return request.checkpoint;
  return request.certificate.empty() || request.certificate == "-" ? "" : request.certificate + kBesideCertificate;
}

std::string recorded_task(const RecordRequest& request, const std::string& command) {
  if (request.files.empty())
    throw std::invalid_argument(
        "certificates and checkpoints are about a file: write the instance, read it back and decide that");
  return fmt::format("{} {} {}", version(), command, fmt::join(request.files, " "));
}

}  // namespace

std::vector<WrittenPath> written_by(const RecordRequest& request) {
  std::vector<std::string> beside;
  if (request.checkpoint.empty()) beside = {kBesideCertificate};
  std::vector<WrittenPath> writes;
  if (!request.certificate.empty()) writes.push_back({"`certificate`", request.certificate, WrittenPath::file, beside});
  if (!request.checkpoint.empty()) writes.push_back({"`checkpoint`", request.checkpoint});
  return writes;
}

void check_record(const RecordRequest& request) {
  if (request.formula && request.certificate.empty()) throw std::invalid_argument("`formula` goes with `certificate`");
  if (!request.paths_checked) check_written_paths(request.reads, written_by(request));
}

Recorder::Recorder(const RecordRequest& request, const Work& work, std::string command, ListedRows listed)
    : request_(request),
      work_(work),
      command_(std::move(command)),
      listed_(std::move(listed)),
      checkpoint_(checkpoint_path(request), recorded_task(request, command_), request.every) {
  if (checkpoint_.resume(recording_))
    work.say(fmt::format("going on after row {}, from {}", std::max(recording_.counts.rows(), recording_.bounds.rows()),
                         checkpoint_path(request)));
  checkpoint_.failed = [this, warned = false](const std::string& reason) mutable {  // each is tried, but one line says enough
    if (!std::exchange(warned, true)) work_.warn("no checkpoint is kept, the work goes on: " + reason);
  };
  recording_.kept = [this] { checkpoint_.keep(recording_); };
}

CertificateContext Recorder::context(const std::string& method) const {
  const std::string lifting = request_.formula ? " --formula " + file_word(request_.formula_name) : "";
  return {request_.files, command_ + lifting, method};
}

std::optional<LiftedAssignment> Recorder::lifted(const std::optional<std::vector<std::size_t>>& witness) const {
  if (!request_.formula || !witness) return std::nullopt;
  try {
    const SourceFormula source = request_.formula();
    return lifted_assignment(*source.cnf, source.name, source.sha256, listed_, *witness);
  } catch (const BadInstance& e) {
    throw BadOtherFile(e.what());
  }
}

void Recorder::finish(const std::function<std::string()>& certificate) const {
  if (!request_.certificate.empty() && certificate)
    write_file(request_.certificate, certificate());
  else if (!request_.certificate.empty())
    work_.warn("undecided: no certificate is written");
  checkpoint_.remove();
}

}  // namespace gapwright
