#pragma once

#include "../group.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "../../callbacks/checkpoint_file.hpp"
#include "../../core/version.hpp"
#include "../../kernels/instruction_sets.hpp"
#include "../../training/checkpointing.hpp"
#include "../../training/fit_plan.hpp"
#include "../../training/run_settings.hpp"

namespace LAMINA_NAMESPACE::detail {

inline void broadcast(std::string& text, Index from, MPI_Comm communicator) {
  std::uint64_t size = text.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, static_cast<int>(from), communicator);
  text.resize(static_cast<std::size_t>(size));
  constexpr std::size_t most = std::size_t{1} << 30;  // a count is an int
  for (std::size_t at = 0; at < text.size(); at += most)
    MPI_Bcast(text.data() + at, static_cast<int>((std::min)(most, text.size() - at)), MPI_CHAR, static_cast<int>(from), communicator);
}

inline std::optional<Checkpoint> SharedStore::find() {
  std::string error, origin, file;
  std::optional<Checkpoint> found;
  if (first_) try {
      found = store_.find();
      if (found) {
        const std::vector<std::byte> bytes = checkpoint_bytes(*found);
        file.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        origin = found->origin;
      }
    } catch (const std::exception& e) {
      error = e.what();
    }
  broadcast(error, 0, communicator_);
  if (!error.empty()) throw DataError(error);
  broadcast(origin, 0, communicator_);
  broadcast(file, 0, communicator_);
  if (first_ || file.empty()) return found;
  const auto bytes = std::as_bytes(std::span(file));
  found = read_checkpoint({bytes.begin(), bytes.end()});
  found->origin = origin;
  return found;
}

inline MpiGroup::MpiGroup(MPI_Comm communicator, bool by_shard, Index bucket, Index on_this_machine)
    : communicator_(communicator), by_shard_(by_shard), bucket_(bucket), on_this_machine_(on_this_machine) {
  int rank = 0, size = 1;
  MPI_Comm_rank(communicator, &rank);
  MPI_Comm_size(communicator, &size);
  rank_ = rank;
  size_ = size;
  if (bucket_ == 0) bucket_ = (std::max)(Index{1} << 20, size_ << 16);
}

inline void MpiGroup::begin(FitWork& work) {
  if (running_)
    throw OptionError("fit: expects one run at a time to use a session's mpi::average, but another one is using it; train the "
                      "models one after another");
  if (const std::string text = difference(work); !text.empty())
    throw OptionError(str_cat("fit: expects all ranks to train the same model alike, but ", text,
                              "; start all ranks with the same program, data and options"));
  const FitPlan& plan = work.plan();
  if (const Index shards = plan.shards_of(plan.whole_step()); shards < size_)
    throw OptionError(str_cat("fit: expects a batch to have a shard for each of the ", size_, " ranks, but one of ",
                              plan.whole_step(), " samples has ", shards, "; use .shards = ", size_,
                              plan.whole_step() < size_ ? " and larger batches" : "", ", or fewer ranks"));
  running_ = true;
}

inline std::string MpiGroup::difference(FitWork& work) const {
  const RunDescription run = work.describe();
  RunSettings settings;
  settings.add("lamina", std::string(library_version));
  settings.add("the instruction set", std::string(run.number_size == sizeof(float) ? kernels::best<float>().key : kernels::best<double>().key));
  settings.add("same_bits", by_shard_);
  settings.add("epochs", static_cast<double>(work.plan().epochs));
  add_run(settings, run, work);
  settings.add("first parameters", digest_of(work.parameters()));
  const std::vector<RunSetting> here = settings.take();
  std::string first = settings_text(here);
  broadcast(first, 0, communicator_);
  std::string text = setting_differences(read_settings(first), here, "on rank 0", str_cat("on rank ", rank_));
  int differs = static_cast<int>(text.empty() ? size_ : rank_);
  MPI_Allreduce(MPI_IN_PLACE, &differs, 1, MPI_INT, MPI_MIN, communicator_);
  if (differs == size_) return {};
  text = str_cat("rank ", rank_, " differs from rank 0: ", text);
  broadcast(text, differs, communicator_);
  return text;
}

inline std::unique_ptr<RunCheckpoints> MpiGroup::open(const CheckpointStore& store, FitWork& work,
                                                           RunProgress& progress) {
  if (!first_says(bool(store))) return nullptr;
  store_.emplace(store, rank_ == 0, communicator_);
  return CheckpointStore(*store_).open(work, progress);
}

inline bool MpiGroup::first_says(bool here) {
  char answer = here;
  MPI_Bcast(&answer, 1, MPI_CHAR, 0, communicator_);
  return answer != 0;
}

inline bool MpiGroup::share_figures(Index parts, FunctionRef<PartFigures&(Index)> figures, std::vector<double>& numbers, bool holds) {
  // A row for each part, and a last number that counts the ranks on which `holds` does not. Other ranks' rows are 0, so
  // that every sum is exact.
  const PartRange mine = own(parts);
  std::size_t width = 4;
  if (parts > 0) width += 4 * static_cast<std::size_t>(figures(0).errors.outputs());
  numbers.assign(width * static_cast<std::size_t>(parts) + 1, 0);
  for (Index p = mine.first; p < mine.last; ++p) {
    double* row = numbers.data() + width * static_cast<std::size_t>(p);
    PartFigures& part = figures(p);
    for (const double number : {part.loss, part.correct, part.weight, static_cast<double>(part.errors.samples())}) *row++ = number;
    for (const ErrorSums::Output& output : part.errors.sums())
      for (const double number : {output.squares, output.sizes, output.mean, output.spread}) *row++ = number;
  }
  numbers.back() = holds ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_DOUBLE, MPI_SUM, communicator_);
  for (Index p = 0; p < parts; ++p) {
    const double* row = numbers.data() + width * static_cast<std::size_t>(p);
    PartFigures& part = figures(p);
    part.loss = row[0];
    part.correct = row[1];
    part.weight = row[2];
    part.errors.set_samples(static_cast<Index>(row[3]));
    row += 4;
    for (ErrorSums::Output& output : part.errors.sums()) {
      output = {row[0], row[1], row[2], row[3]};
      row += 4;
    }
  }
  return numbers.back() == 0;
}

template <typename T>
void MpiGroup::sum_in_buckets(const GradientTerms<T>& gradient, GradientBuckets<T>& buckets, MPI_Datatype type,
                           ThreadPool& thread_pool) {
  buckets.begin(gradient, *this, by_shard_, bucket_ / static_cast<Index>(sizeof(T)));
  const auto many = static_cast<std::size_t>(buckets.buckets()), ranks = static_cast<std::size_t>(size_);
  sending_.resize(many);
  gathering_.resize(many);
  counts_.resize(4 * ranks * many);
  for (std::size_t b = 0; b < many; ++b) {
    const Index bucket = static_cast<Index>(b), numbers = buckets.slice(bucket);
    int* const to = counts_.data() + 4 * ranks * b;
    int *const to_begin = to + ranks, *const from = to_begin + ranks, *const from_begin = from + ranks;
    Index received = 0;
    for (std::size_t r = 0; r < ranks; ++r) {
      const bool other = static_cast<Index>(r) != rank_;
      to[r] = static_cast<int>(other ? numbers * buckets.terms(rank_) : 0);
      to_begin[r] = static_cast<int>(static_cast<Index>(r) * numbers * buckets.terms(rank_));
      from[r] = static_cast<int>(other ? numbers * buckets.terms(static_cast<Index>(r)) : 0);
      from_begin[r] = static_cast<int>(received);
      received += from[r];
    }
    buckets.pack(bucket, thread_pool);
    MPI_Ialltoallv(buckets.sent(bucket), to, to_begin, type, buckets.received(bucket), from, from_begin, type, communicator_,
                   &sending_[b]);
  }
  for (std::size_t b = 0; b < many; ++b) {
    const Index bucket = static_cast<Index>(b);
    MPI_Wait(&sending_[b], MPI_STATUS_IGNORE);
    buckets.add(bucket, thread_pool);
    const int numbers = static_cast<int>(buckets.slice(bucket));
    MPI_Iallgather(MPI_IN_PLACE, numbers, type, buckets.sum(bucket), numbers, type, communicator_, &gathering_[b]);
  }
  MPI_Waitall(static_cast<int>(many), gathering_.data(), MPI_STATUSES_IGNORE);
  buckets.tell_sums();
}

}  // namespace lamina::detail
