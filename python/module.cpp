// SPDX-License-Identifier: MIT
// The extension module: errors, then one binding function per room.
#include <new>

#include "python/any_instance.hpp"
#include "python/ending.hpp"
#include "python/instances.hpp"
#include "python/refuted.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/progress.hpp"
#include "support/version.hpp"
#include "verify/scoring_kernels.hpp"

namespace py = pybind11;
using namespace gapwright;

namespace {

PyObject *bad_instance = nullptr, *limit_reached = nullptr, *refuted = nullptr;  ///< kept for ever

/// What the library throws, as exceptions of Python whose text is one short line of printable characters, whatever file it quotes, and names keywords. What Python
/// itself raised passes unchanged.
void translate(std::exception_ptr failure) {
  const auto raise = [](PyObject* type, const std::exception& e) {
    PyErr_SetString(type, shown_message(with_keywords(e.what())).c_str());
  };
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const py::error_already_set&) {
    throw;
  } catch (const py::builtin_exception&) {
    throw;
  } catch (const BadInstance& e) {
    raise(bad_instance, e);
  } catch (const LimitReached& e) {
    raise(limit_reached, e);
  } catch (const python::Refuted& e) {
    raise(refuted, e);
  } catch (const CodeTooLarge& e) {
    raise(limit_reached, e);
  } catch (const std::length_error&) {
    PyErr_NoMemory();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::invalid_argument& e) {
    raise(PyExc_ValueError, e);
  } catch (const std::domain_error& e) {
    raise(PyExc_ValueError, e);
  } catch (const std::out_of_range& e) {
    raise(PyExc_IndexError, e);
  } catch (const std::exception& e) {
    raise(PyExc_RuntimeError, e);
  }
}

/// A subclass `gapwright.NAME` of a Python exception.
PyObject* exception_class(const py::module_& module, const char* name, PyObject* base) {
  PyObject* const made = PyErr_NewException((std::string("gapwright.") + name).c_str(), base, nullptr);
  if (!made) throw py::error_already_set();
  module.attr(name) = py::reinterpret_borrow<py::object>(made);
  return made;
}

}  // namespace

PYBIND11_MODULE(_gapwright, module) {
  module.doc() = "Fine-grained complexity reductions from SAT to attention, run and certified.";
  bad_instance = exception_class(module, "BadInstance", PyExc_ValueError);
  limit_reached = exception_class(module, "LimitReached", PyExc_RuntimeError);
  refuted = exception_class(module, "Refuted", PyExc_RuntimeError);
  py::register_exception_translator(&translate);
  python::watch_the_end();
  module.attr("__version__") = version();
  module.attr("__commit__") = commit();
  module.def(
      "instruction_set", [] { return std::string(kernels::target_name()); }, "Name of the vector unit in use.");
  module.def("_integer", [](const std::string& digits) { return python::integer_of(mpz_class(digits, 10)); });
  module.def("_fraction", &python::fraction_of_digits);
  python::bind_instances(module);
  python::bind_any_instance(module);
  python::bind_gap_max_ip(module);
  python::bind_generators(module);
  python::bind_reductions(module);
  python::bind_decisions(module);
  python::bind_solve(module);
  python::bind_counting(module);
  python::bind_attention(module);
  python::bind_codes(module);
  python::bind_explore(module);
  python::bind_estimate(module);
  python::bind_fuzz(module);
  python::bind_trace(module);
  python::bind_sweeps(module);
  python::bind_routes(module);
}
