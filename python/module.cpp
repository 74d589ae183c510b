// The extension module: errors, then one binding function per room.
#include "instances/errors.hpp"
#include "instances/version.hpp"
#include "python/instances.hpp"
#include "verify/scoring_kernels.hpp"

namespace py = pybind11;
using namespace gapwright;

PYBIND11_MODULE(_gapwright, module) {
  module.doc() = "Fine-grained complexity reductions from SAT to attention, run and certified.";
  py::register_exception<BadInstance>(module, "BadInstance", PyExc_ValueError);
  py::register_exception<LimitReached>(module, "LimitReached", PyExc_RuntimeError);
  module.attr("__version__") = version();
  module.def(
      "instruction_set", [] { return std::string(kernels::target_name()); }, "Name of the vector unit in use.");
  module.def("_integer", [](const std::string& digits) { return python::integer_of(mpz_class(digits, 10)); });
  module.def("_fraction", &python::fraction_of_digits);
  python::bind_instances(module);
  python::bind_gap_max_ip(module);
  python::bind_generators(module);
  python::bind_reductions(module);
  python::bind_decisions(module);
  python::bind_attention(module);
  python::bind_codes(module);
  python::bind_explore(module);
}
