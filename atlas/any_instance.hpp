// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <typeindex>
#include <utility>

namespace gapwright {

struct Problem;

/// An instance of some problem: the row of its problem, and its data, which only that row's functions look into.
class AnyInstance {
 public:
  template <class Data>
  AnyInstance(const Problem& problem, Data data)
      : problem_(&problem), type_(typeid(Data)), data_(std::make_shared<Data>(std::move(data))) {}

  const Problem& problem() const { return *problem_; }

  /// Throws std::logic_error when the data are of another type.
  template <class Data>
  const Data& as() const {
    if (type_ != typeid(Data)) throw std::logic_error("an instance was looked into as one of another problem");
    return *static_cast<const Data*>(data_.get());
  }

  /// The data, to be changed: a copy of their own where somebody else holds them.
  template <class Data>
  Data& changed() {
    const Data& data = as<Data>();
    if (data_.use_count() > 1) data_ = std::make_shared<Data>(data);
    return const_cast<Data&>(as<Data>());  // made as no constant
  }

  /// The data, moved out where nobody else holds them.
  template <class Data>
  Data taken() && {
    const Data& data = as<Data>();
    if (data_.use_count() > 1) return data;
    return std::move(const_cast<Data&>(data));  // made as no constant
  }

 private:
  const Problem* problem_;
  std::type_index type_;
  std::shared_ptr<const void> data_;
};

}  // namespace gapwright
