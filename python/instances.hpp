#pragma once
#include <optional>
#include <vector>

#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "python/arrays.hpp"

// Instances as Python sees them: the library's structs with what is known of their answer.
namespace gapwright::python {

using Tuple = std::vector<std::size_t>;
using Literals = std::vector<std::int64_t>;

template <class Instance>
struct Known {
  Instance instance;
  std::optional<bool> expected = {};  ///< the answer, where it is proved or planted
  std::optional<typename Instance::Witness> planted = {};
};
using Formula = Known<Cnf>;
using Vectors = Known<OrthogonalVectors>;
using Gap01 = Known<GapMaxIp>;

/// DIMACS literals of a complete assignment, one per variable in order.
Literals literals_of(const Cnf::Witness&);
/// Any order of literals; throws std::invalid_argument unless every variable has exactly one value.
Cnf::Witness assignment_of(const Literals&, std::size_t variables);

void bind_instances(py::module_& module);
void bind_generators(py::module_& module);
void bind_computations(py::module_& module);
void bind_reductions(py::module_& module);
void bind_codes(py::module_& module);
void bind_challenge(py::module_& module);

}  // namespace gapwright::python
