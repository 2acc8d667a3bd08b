// SPDX-License-Identifier: Apache-2.0
//
// A C ABI over the distribution's libtorch (1.13 or later): what nn-train/torch-system's C# types call.
//
//   Names      ts_<operation>; the C# side declares the same names in Interop/NativeMethods.cs.
//   Ownership  a `Tensor` (pointer) returned through an out parameter is owned by the caller and freed by
//              ts_tensor_free. Arguments are borrowed. A null pointer stands for "no tensor".
//   Errors     every function that can fail returns 0 or an error code; the message of the last failure on
//              this thread is read with ts_last_error. No exception crosses this boundary.
//   Shapes     (pointer, count) pairs of int64. Element types are c10::ScalarType codes, -1 means "not given".
#include <ATen/Parallel.h>
#include <ATen/TensorIndexing.h>
#include <torch/torch.h>

#include <cstring>
#include <string>
#include <vector>

#define TS_API extern "C" __attribute__((visibility("default")))

namespace {

enum ErrorCode : int32_t { kOk = 0, kTorchError = 1, kStandardError = 2, kUnknownError = 3 };

typedef at::Tensor* Tensor;
typedef at::Generator* Generator;

thread_local std::string last_error;

template <class Body>
int32_t guard(Body&& body) noexcept {
  try {
    body();
    return kOk;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
    return kTorchError;
  } catch (const std::exception& e) {
    last_error = e.what();
    return kStandardError;
  } catch (...) {
    last_error = "unknown native exception";
    return kUnknownError;
  }
}

Tensor own(at::Tensor value) { return value.defined() ? new at::Tensor(std::move(value)) : nullptr; }

at::IntArrayRef ints(const int64_t* values, int32_t count) { return at::IntArrayRef(values, (size_t)count); }

c10::optional<at::Tensor> optional(Tensor value) {
  return value ? c10::optional<at::Tensor>(*value) : c10::nullopt;
}

c10::optional<at::ScalarType> optional_type(int32_t code) {
  return code < 0 ? c10::nullopt : c10::optional<at::ScalarType>((at::ScalarType)code);
}

c10::optional<at::Generator> optional_generator(Generator value) {
  return value ? c10::optional<at::Generator>(*value) : c10::nullopt;
}

at::TensorOptions of_type(int32_t code) { return at::TensorOptions().dtype((at::ScalarType)code); }

std::vector<at::Tensor> list(const Tensor* values, int32_t count) {
  std::vector<at::Tensor> result;
  result.reserve((size_t)count);
  for (int32_t i = 0; i < count; i++) result.push_back(*values[i]);
  return result;
}

}  // namespace

// A scalar keeps its .NET kind, because kind decides the type of a result (int64 tensor * 0.5 is float).
// Same layout as NativeScalar in Scalar.cs.
struct Scalar {
  int64_t integer;
  double real;
  int32_t kind;  // 0 real, 1 integer, 2 bool
};

namespace {

at::Scalar unwrap(Scalar s) {
  switch (s.kind) {
    case 0: return at::Scalar(s.real);
    case 1: return at::Scalar(s.integer);
    default: return at::Scalar(s.integer != 0);
  }
}

c10::optional<at::Scalar> unwrap(const Scalar* s) {
  return s ? c10::optional<at::Scalar>(unwrap(*s)) : c10::nullopt;
}

}  // namespace

// ---- errors, version, threads ----

TS_API int32_t ts_last_error(char* buffer, int32_t capacity) {
  int32_t length = (int32_t)last_error.size();
  if (buffer && capacity > 0) memcpy(buffer, last_error.data(), (size_t)std::min(length, capacity));
  return length;
}

TS_API int32_t ts_set_num_threads(int32_t count) {
  return guard([&] { at::set_num_threads(count); });
}
TS_API int32_t ts_get_num_threads() { return at::get_num_threads(); }

// ---- life, shape and memory of a tensor ----

TS_API void ts_tensor_free(Tensor x) { delete x; }
TS_API int64_t ts_ndim(Tensor x) { return x->dim(); }
TS_API int64_t ts_numel(Tensor x) { return x->numel(); }
TS_API int32_t ts_dtype(Tensor x) { return (int32_t)x->scalar_type(); }
TS_API int64_t ts_element_size(Tensor x) { return (int64_t)x->element_size(); }
TS_API int32_t ts_is_contiguous(Tensor x) { return x->is_contiguous(); }
TS_API int32_t ts_sizes(Tensor x, int64_t* out) {
  return guard([&] { memcpy(out, x->sizes().data(), x->sizes().size() * sizeof(int64_t)); });
}
TS_API int32_t ts_strides(Tensor x, int64_t* out) {
  return guard([&] { memcpy(out, x->strides().data(), x->strides().size() * sizeof(int64_t)); });
}
TS_API int32_t ts_data(Tensor x, void** out) {
  return guard([&] { *out = x->data_ptr(); });
}

// ---- factories ----

TS_API int32_t ts_from_data(const void* data, const int64_t* shape, int32_t rank, int32_t type, Tensor* out) {
  return guard([&] { *out = own(at::from_blob(const_cast<void*>(data), ints(shape, rank), of_type(type)).clone()); });
}
TS_API int32_t ts_empty(const int64_t* shape, int32_t rank, int32_t type, Tensor* out) {
  return guard([&] { *out = own(torch::empty(ints(shape, rank), of_type(type))); });
}
TS_API int32_t ts_full(const int64_t* shape, int32_t rank, Scalar value, int32_t type, Tensor* out) {
  return guard([&] { *out = own(torch::full(ints(shape, rank), unwrap(value), of_type(type))); });
}
TS_API int32_t ts_arange(Scalar start, Scalar stop, Scalar step, int32_t type, Tensor* out) {
  return guard([&] { *out = own(torch::arange(unwrap(start), unwrap(stop), unwrap(step), of_type(type))); });
}

// ---- random numbers ----

TS_API int32_t ts_generator_new(uint64_t seed, Generator* out) {
  return guard([&] {
    *out = new at::Generator(at::detail::createCPUGenerator(seed));
  });
}
TS_API int32_t ts_generator_default(Generator* out) {
  return guard([&] { *out = new at::Generator(at::globalContext().defaultGenerator(at::kCPU)); });
}
TS_API void ts_generator_free(Generator g) { delete g; }
TS_API int32_t ts_generator_manual_seed(Generator g, int64_t seed) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(g->mutex());
    g->set_current_seed((uint64_t)seed);
  });
}
TS_API int32_t ts_generator_initial_seed(Generator g, int64_t* out) {
  return guard([&] { *out = (int64_t)g->current_seed(); });
}
TS_API int32_t ts_generator_get_state(Generator g, Tensor* out) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(g->mutex());
    *out = own(g->get_state());
  });
}
TS_API int32_t ts_generator_set_state(Generator g, Tensor state) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(g->mutex());
    g->set_state(*state);
  });
}
TS_API int32_t ts_manual_seed(int64_t seed) {
  return guard([&] { torch::manual_seed((uint64_t)seed); });
}
TS_API int32_t ts_rand(const int64_t* shape, int32_t rank, int32_t type, Generator g, Tensor* out) {
  return guard([&] { *out = own(torch::rand(ints(shape, rank), optional_generator(g), of_type(type))); });
}
TS_API int32_t ts_randn(const int64_t* shape, int32_t rank, int32_t type, Generator g, Tensor* out) {
  return guard([&] { *out = own(torch::randn(ints(shape, rank), optional_generator(g), of_type(type))); });
}
TS_API int32_t ts_randint(int64_t low, int64_t high, const int64_t* shape, int32_t rank, int32_t type, Generator g,
                          Tensor* out) {
  return guard(
      [&] { *out = own(torch::randint(low, high, ints(shape, rank), optional_generator(g), of_type(type))); });
}
TS_API int32_t ts_randperm(int64_t n, int32_t type, Generator g, Tensor* out) {
  return guard([&] { *out = own(torch::randperm(n, optional_generator(g), of_type(type))); });
}

// ---- automatic differentiation ----

TS_API int32_t ts_requires_grad(Tensor x) { return x->requires_grad(); }
TS_API int32_t ts_is_leaf(Tensor x) { return x->is_leaf(); }
TS_API int32_t ts_set_requires_grad(Tensor x, int32_t value) {
  return guard([&] { x->set_requires_grad(value != 0); });
}
TS_API int32_t ts_grad(Tensor x, Tensor* out) {
  return guard([&] { *out = own(x->grad()); });
}
TS_API int32_t ts_set_grad(Tensor x, Tensor grad) {
  return guard([&] { x->mutable_grad() = grad ? *grad : at::Tensor(); });
}
TS_API int32_t ts_backward(Tensor x) {
  return guard([&] { x->backward(); });
}

// A function whose derivative is the caller's: its number and two callbacks travel with the node of the graph.
//   backward   borrows nothing: it owns gradient, saved tensors and results until it returns, and then this side owns the results; a null
//              result is no gradient. 0, or an error that the caller keeps for itself.
//   release    the node is gone.
typedef int32_t (*BackwardCallback)(int64_t id, Tensor gradient, Tensor const* saved, int32_t saved_count, Tensor* results,
                                    int32_t count);
typedef void (*ReleaseCallback)(int64_t id);

namespace {

struct FunctionOwner : torch::CustomClassHolder {
  FunctionOwner(int64_t id, BackwardCallback backward, ReleaseCallback release)
      : id(id), backward(backward), release(release) {}
  ~FunctionOwner() override { release(id); }

  const int64_t id;
  const BackwardCallback backward;
  const ReleaseCallback release;
};

struct FunctionCall {
  at::Tensor value;
  std::vector<at::Tensor> saved;
  c10::intrusive_ptr<FunctionOwner> owner;
};

struct CallbackFunction : torch::autograd::Function<CallbackFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, at::TensorList inputs, const FunctionCall* call) {
    context->saved_data["owner"] = c10::IValue::make_capsule(call->owner);
    context->saved_data["inputs"] = (int64_t)inputs.size();
    context->save_for_backward(call->saved);
    return call->value;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    auto owner = c10::static_intrusive_pointer_cast<FunctionOwner>(context->saved_data["owner"].toCapsule());
    int64_t inputs = context->saved_data["inputs"].toInt();
    std::vector<Tensor> saved;
    for (at::Tensor& tensor : context->get_saved_variables()) saved.push_back(own(tensor));
    std::vector<Tensor> results((size_t)inputs, nullptr);
    int32_t error = owner->backward(owner->id, own(gradients[0]), saved.data(), (int32_t)saved.size(), results.data(),
                                    (int32_t)inputs);
    // The last argument of forward is no tensor.
    torch::autograd::variable_list list((size_t)inputs + 1);
    for (int64_t i = 0; i < inputs; i++) {
      if (results[i]) list[i] = *results[i];
      delete results[i];
    }
    if (error) throw std::runtime_error("the derivative of a function failed");
    return list;
  }
};

}  // namespace

TS_API int32_t ts_function(Tensor value, const Tensor* inputs, int32_t count, const Tensor* saved, int32_t saved_count,
                           int64_t id, BackwardCallback backward, ReleaseCallback release, Tensor* out) {
  auto owner = c10::make_intrusive<FunctionOwner>(id, backward, release);
  return guard([&] {
    FunctionCall call{value->detach(), list(saved, saved_count), owner};
    std::vector<at::Tensor> arguments = list(inputs, count);
    *out = own(CallbackFunction::apply(at::TensorList(arguments), (const FunctionCall*)&call));
  });
}
TS_API int32_t ts_grad_enabled() { return at::GradMode::is_enabled(); }
TS_API void ts_set_grad_enabled(int32_t value) { at::GradMode::set_enabled(value != 0); }

// ---- elementwise functions of one tensor ----

#define TS_UNARY(name, expression)                \
  TS_API int32_t ts_##name(Tensor a, Tensor* out) { \
    return guard([&] {                            \
      const at::Tensor& x = *a;                   \
      *out = own(expression);                     \
    });                                           \
  }
TS_UNARY(abs, x.abs())
TS_UNARY(alias, x.alias())
TS_UNARY(ceil, x.ceil())
TS_UNARY(clone, x.clone())
TS_UNARY(contiguous, x.contiguous())
TS_UNARY(detach, x.detach())
TS_UNARY(exp, x.exp())
TS_UNARY(exp2, x.exp2())
TS_UNARY(floor, x.floor())
TS_UNARY(isfinite, x.isfinite())
TS_UNARY(isnan, x.isnan())
TS_UNARY(log, x.log())
TS_UNARY(log2, x.log2())
TS_UNARY(logical_not, x.logical_not())
TS_UNARY(neg, x.neg())
TS_UNARY(reciprocal, x.reciprocal())
TS_UNARY(relu, x.relu())
TS_UNARY(rsqrt, x.rsqrt())
TS_UNARY(sigmoid, x.sigmoid())
TS_UNARY(sign, x.sign())
TS_UNARY(sqrt, x.sqrt())
TS_UNARY(square, x.square())
TS_UNARY(tanh, x.tanh())
TS_UNARY(trunc, x.trunc())

TS_API int32_t ts_round(Tensor x, int64_t decimals, Tensor* out) {
  return guard([&] { *out = own(decimals == 0 ? x->round() : x->round(decimals)); });
}

// ---- elementwise functions of two ----

#define TS_BINARY(name, expression)                         \
  TS_API int32_t ts_##name(Tensor a, Tensor b, Tensor* out) { \
    return guard([&] {                                      \
      const at::Tensor &x = *a, &y = *b;                    \
      *out = own(expression);                               \
    });                                                     \
  }
#define TS_BINARY_SCALAR(name, expression)                           \
  TS_API int32_t ts_##name##_scalar(Tensor a, Scalar b, Tensor* out) { \
    return guard([&] {                                               \
      const at::Tensor& x = *a;                                      \
      const at::Scalar y = unwrap(b);                                \
      *out = own(expression);                                        \
    });                                                              \
  }
#define TS_BINARY_BOTH(name, expression) \
  TS_BINARY(name, expression)            \
  TS_BINARY_SCALAR(name, expression)
TS_BINARY_BOTH(eq, x.eq(y))
TS_BINARY_BOTH(ge, x.ge(y))
TS_BINARY_BOTH(gt, x.gt(y))
TS_BINARY_BOTH(le, x.le(y))
TS_BINARY_BOTH(lt, x.lt(y))
TS_BINARY_BOTH(mul, x.mul(y))
TS_BINARY_BOTH(ne, x.ne(y))
TS_BINARY_BOTH(pow, x.pow(y))
TS_BINARY_BOTH(remainder, x.remainder(y))
TS_BINARY(logical_and, x.logical_and(y))
TS_BINARY(logical_or, x.logical_or(y))
TS_BINARY(matmul, x.matmul(y))
TS_BINARY(maximum, at::maximum(x, y))
TS_BINARY(minimum, at::minimum(x, y))

TS_API int32_t ts_add(Tensor x, Tensor y, Scalar alpha, Tensor* out) {
  return guard([&] { *out = own(x->add(*y, unwrap(alpha))); });
}
TS_API int32_t ts_add_scalar(Tensor x, Scalar y, Scalar alpha, Tensor* out) {
  return guard([&] { *out = own(x->add(unwrap(y), unwrap(alpha))); });
}
TS_API int32_t ts_sub(Tensor x, Tensor y, Tensor* out) {
  return guard([&] { *out = own(x->sub(*y)); });
}
TS_API int32_t ts_sub_scalar(Tensor x, Scalar y, Tensor* out) {
  return guard([&] { *out = own(x->sub(unwrap(y))); });
}

namespace {

// The codes of TorchSharp's RoundingMode.
c10::optional<c10::string_view> rounding(int32_t mode) {
  switch (mode) {
    case 1: return c10::optional<c10::string_view>("trunc");
    case 2: return c10::optional<c10::string_view>("floor");
    default: return c10::nullopt;
  }
}

}  // namespace

TS_API int32_t ts_div(Tensor x, Tensor y, int32_t mode, Tensor* out) {
  return guard([&] { *out = own(x->div(*y, rounding(mode))); });
}
TS_API int32_t ts_div_scalar(Tensor x, Scalar y, int32_t mode, Tensor* out) {
  return guard([&] { *out = own(x->div(unwrap(y), rounding(mode))); });
}
TS_API int32_t ts_clamp(Tensor x, const Scalar* low, const Scalar* high, Tensor* out) {
  return guard([&] { *out = own(x->clamp(unwrap(low), unwrap(high))); });
}
TS_API int32_t ts_clamp_tensor(Tensor x, Tensor low, Tensor high, Tensor* out) {
  return guard([&] { *out = own(x->clamp(optional(low), optional(high))); });
}
TS_API int32_t ts_where(Tensor condition, Tensor x, Tensor y, Tensor* out) {
  return guard([&] { *out = own(at::where(*condition, *x, *y)); });
}
TS_API int32_t ts_masked_fill(Tensor x, Tensor mask, Scalar value, Tensor* out) {
  return guard([&] { *out = own(x->masked_fill(*mask, unwrap(value))); });
}
TS_API int32_t ts_allclose(Tensor x, Tensor y, double rtol, double atol, int32_t equal_nan, int32_t* out) {
  return guard([&] { *out = x->allclose(*y, rtol, atol, equal_nan != 0); });
}
TS_API int32_t ts_equal(Tensor x, Tensor y, int32_t* out) {
  return guard([&] { *out = x->equal(*y); });
}

// ---- reductions ----

TS_UNARY(all, x.all())
TS_UNARY(any, x.any())
TS_UNARY(argmax, x.argmax())
TS_UNARY(argmin, x.argmin())
TS_UNARY(max, x.max())
TS_UNARY(mean, x.mean())
TS_UNARY(min, x.min())

TS_API int32_t ts_sum(Tensor x, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->sum(optional_type(type))); });
}
TS_API int32_t ts_sum_dims(Tensor x, const int64_t* dims, int32_t count, int32_t keep, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->sum(ints(dims, count), keep != 0, optional_type(type))); });
}
TS_API int32_t ts_mean_dims(Tensor x, const int64_t* dims, int32_t count, int32_t keep, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->mean(ints(dims, count), keep != 0, optional_type(type))); });
}
TS_API int32_t ts_amax(Tensor x, const int64_t* dims, int32_t count, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->amax(ints(dims, count), keep != 0)); });
}
TS_API int32_t ts_amin(Tensor x, const int64_t* dims, int32_t count, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->amin(ints(dims, count), keep != 0)); });
}
TS_API int32_t ts_std(Tensor x, int32_t unbiased, Tensor* out) {
  return guard([&] { *out = own(x->std(unbiased != 0)); });
}
TS_API int32_t ts_std_dims(Tensor x, const int64_t* dims, int32_t count, int32_t unbiased, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->std(ints(dims, count), unbiased != 0, keep != 0)); });
}
TS_API int32_t ts_var(Tensor x, int32_t unbiased, Tensor* out) {
  return guard([&] { *out = own(x->var(unbiased != 0)); });
}
TS_API int32_t ts_var_dims(Tensor x, const int64_t* dims, int32_t count, int32_t unbiased, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->var(ints(dims, count), unbiased != 0, keep != 0)); });
}
TS_API int32_t ts_max_dim(Tensor x, int64_t dim, int32_t keep, Tensor* values, Tensor* indices) {
  return guard([&] {
    auto result = x->max(dim, keep != 0);
    *values = own(std::get<0>(result));
    *indices = own(std::get<1>(result));
  });
}
TS_API int32_t ts_min_dim(Tensor x, int64_t dim, int32_t keep, Tensor* values, Tensor* indices) {
  return guard([&] {
    auto result = x->min(dim, keep != 0);
    *values = own(std::get<0>(result));
    *indices = own(std::get<1>(result));
  });
}
TS_API int32_t ts_sort(Tensor x, int64_t dim, int32_t descending, int32_t stable, Tensor* values, Tensor* indices) {
  return guard([&] {
    auto result = x->sort(c10::optional<bool>(stable != 0), dim, descending != 0);
    *values = own(std::get<0>(result));
    *indices = own(std::get<1>(result));
  });
}
TS_API int32_t ts_argmax_dim(Tensor x, int64_t dim, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->argmax(dim, keep != 0)); });
}
TS_API int32_t ts_argmin_dim(Tensor x, int64_t dim, int32_t keep, Tensor* out) {
  return guard([&] { *out = own(x->argmin(dim, keep != 0)); });
}
TS_API int32_t ts_cumsum(Tensor x, int64_t dim, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->cumsum(dim, optional_type(type))); });
}

// ---- shapes, types and selections ----

TS_API int32_t ts_to_type(Tensor x, int32_t type, int32_t copy, Tensor* out) {
  return guard([&] { *out = own(x->to((at::ScalarType)type, false, copy != 0)); });
}
TS_API int32_t ts_view(Tensor x, const int64_t* shape, int32_t rank, Tensor* out) {
  return guard([&] { *out = own(x->view(ints(shape, rank))); });
}
TS_API int32_t ts_reshape(Tensor x, const int64_t* shape, int32_t rank, Tensor* out) {
  return guard([&] { *out = own(x->reshape(ints(shape, rank))); });
}
TS_API int32_t ts_expand(Tensor x, const int64_t* shape, int32_t rank, int32_t implicit, Tensor* out) {
  return guard([&] { *out = own(x->expand(ints(shape, rank), implicit != 0)); });
}
TS_API int32_t ts_repeat(Tensor x, const int64_t* counts, int32_t rank, Tensor* out) {
  return guard([&] { *out = own(x->repeat(ints(counts, rank))); });
}
TS_API int32_t ts_permute(Tensor x, const int64_t* dims, int32_t rank, Tensor* out) {
  return guard([&] { *out = own(x->permute(ints(dims, rank))); });
}
TS_API int32_t ts_transpose(Tensor x, int64_t dim0, int64_t dim1, Tensor* out) {
  return guard([&] { *out = own(x->transpose(dim0, dim1)); });
}
TS_API int32_t ts_flatten(Tensor x, int64_t start, int64_t end, Tensor* out) {
  return guard([&] { *out = own(x->flatten(start, end)); });
}
TS_UNARY(squeeze, x.squeeze())
TS_UNARY(t, x.t())
TS_API int32_t ts_squeeze_dim(Tensor x, int64_t dim, Tensor* out) {
  return guard([&] { *out = own(x->squeeze(dim)); });
}
TS_API int32_t ts_unsqueeze(Tensor x, int64_t dim, Tensor* out) {
  return guard([&] { *out = own(x->unsqueeze(dim)); });
}
TS_API int32_t ts_select(Tensor x, int64_t dim, int64_t index, Tensor* out) {
  return guard([&] { *out = own(x->select(dim, index)); });
}
TS_API int32_t ts_narrow(Tensor x, int64_t dim, int64_t start, int64_t length, Tensor* out) {
  return guard([&] { *out = own(x->narrow(dim, start, length)); });
}
TS_API int32_t ts_slice(Tensor x, int64_t dim, int64_t start, int64_t finish, int64_t step, Tensor* out) {
  return guard([&] { *out = own(x->slice(dim, start, finish, step)); });
}
TS_API int32_t ts_index_select(Tensor x, int64_t dim, Tensor index, Tensor* out) {
  return guard([&] { *out = own(x->index_select(dim, *index)); });
}
TS_API int32_t ts_gather(Tensor x, int64_t dim, Tensor index, Tensor* out) {
  return guard([&] { *out = own(x->gather(dim, *index)); });
}
TS_API int32_t ts_cat(const Tensor* tensors, int32_t count, int64_t dim, Tensor* out) {
  return guard([&] { *out = own(at::cat(list(tensors, count), dim)); });
}
TS_API int32_t ts_stack(const Tensor* tensors, int32_t count, int64_t dim, Tensor* out) {
  return guard([&] { *out = own(at::stack(list(tensors, count), dim)); });
}

// One position of an index expression. Same layout as NativeIndex in TensorIndex.cs.
struct Index {
  int32_t kind;     // 0 None (new axis), 1 single, 2 ellipsis, 3 bool, 4 tensor, 5 slice
  int32_t present;  // slice: bit 0 start, bit 1 stop, bit 2 step are given
  int64_t start;    // also the single index or the bool
  int64_t stop;
  int64_t step;
  Tensor tensor;
};

namespace {

std::vector<at::indexing::TensorIndex> expression(const Index* indices, int32_t count) {
  std::vector<at::indexing::TensorIndex> result;
  for (int32_t i = 0; i < count; i++) {
    const Index& index = indices[i];
    auto given = [&](int bit, int64_t value) {
      return index.present & (1 << bit) ? c10::optional<int64_t>(value) : c10::nullopt;
    };
    switch (index.kind) {
      case 0: result.emplace_back(at::indexing::None); break;
      case 1: result.emplace_back(index.start); break;
      case 2: result.emplace_back(at::indexing::Ellipsis); break;
      case 3: result.emplace_back(index.start != 0); break;
      case 4: result.emplace_back(*index.tensor); break;
      default:
        result.emplace_back(at::indexing::Slice(given(0, index.start), given(1, index.stop), given(2, index.step)));
    }
  }
  return result;
}

}  // namespace

TS_API int32_t ts_index(Tensor x, const Index* indices, int32_t count, Tensor* out) {
  return guard([&] { *out = own(x->index(expression(indices, count))); });
}
TS_API int32_t ts_index_put_(Tensor x, const Index* indices, int32_t count, Tensor value) {
  return guard([&] { x->index_put_(expression(indices, count), *value); });
}

// ---- in place ----

TS_API int32_t ts_add_(Tensor x, Tensor y, Scalar alpha) {
  return guard([&] { x->add_(*y, unwrap(alpha)); });
}
TS_API int32_t ts_add_scalar_(Tensor x, Scalar y, Scalar alpha) {
  return guard([&] { x->add_(unwrap(y), unwrap(alpha)); });
}
TS_API int32_t ts_sub_(Tensor x, Tensor y) {
  return guard([&] { x->sub_(*y); });
}
TS_API int32_t ts_sub_scalar_(Tensor x, Scalar y) {
  return guard([&] { x->sub_(unwrap(y)); });
}
TS_API int32_t ts_mul_(Tensor x, Tensor y) {
  return guard([&] { x->mul_(*y); });
}
TS_API int32_t ts_mul_scalar_(Tensor x, Scalar y) {
  return guard([&] { x->mul_(unwrap(y)); });
}
TS_API int32_t ts_div_(Tensor x, Tensor y, int32_t mode) {
  return guard([&] { x->div_(*y, rounding(mode)); });
}
TS_API int32_t ts_div_scalar_(Tensor x, Scalar y, int32_t mode) {
  return guard([&] { x->div_(unwrap(y), rounding(mode)); });
}
TS_API int32_t ts_clamp_(Tensor x, const Scalar* low, const Scalar* high) {
  return guard([&] { x->clamp_(unwrap(low), unwrap(high)); });
}
TS_API int32_t ts_fill_(Tensor x, Scalar value) {
  return guard([&] { x->fill_(unwrap(value)); });
}
TS_API int32_t ts_zero_(Tensor x) {
  return guard([&] { x->zero_(); });
}
TS_API int32_t ts_copy_(Tensor x, Tensor y) {
  return guard([&] { x->copy_(*y); });
}
TS_API int32_t ts_addcmul_(Tensor x, Tensor y, Tensor z, Scalar value) {
  return guard([&] { x->addcmul_(*y, *z, unwrap(value)); });
}
TS_API int32_t ts_addcdiv_(Tensor x, Tensor y, Tensor z, Scalar value) {
  return guard([&] { x->addcdiv_(*y, *z, unwrap(value)); });
}
TS_API int32_t ts_uniform_(Tensor x, double low, double high, Generator g) {
  return guard([&] { x->uniform_(low, high, optional_generator(g)); });
}
TS_API int32_t ts_normal_(Tensor x, double mean, double std, Generator g) {
  return guard([&] { x->normal_(mean, std, optional_generator(g)); });
}

// ---- layers and losses ----

TS_API int32_t ts_linear(Tensor x, Tensor weight, Tensor bias, Tensor* out) {
  return guard([&] { *out = own(torch::linear(*x, *weight, bias ? *bias : at::Tensor())); });
}
TS_API int32_t ts_conv2d(Tensor x, Tensor weight, Tensor bias, const int64_t* stride, const int64_t* padding,
                         const int64_t* dilation, int64_t groups, Tensor* out) {
  return guard([&] {
    *out = own(torch::conv2d(*x, *weight, bias ? *bias : at::Tensor(), ints(stride, 2), ints(padding, 2),
                             ints(dilation, 2), groups));
  });
}
TS_API int32_t ts_max_pool2d(Tensor x, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                             const int64_t* dilation, int32_t ceil_mode, Tensor* out) {
  return guard([&] {
    *out = own(torch::max_pool2d(*x, ints(kernel, 2), ints(stride, 2), ints(padding, 2), ints(dilation, 2),
                                 ceil_mode != 0));
  });
}
TS_API int32_t ts_avg_pool2d(Tensor x, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                             int32_t ceil_mode, int32_t count_include_pad, int64_t divisor, Tensor* out) {
  return guard([&] {
    *out = own(torch::avg_pool2d(*x, ints(kernel, 2), ints(stride, 2), ints(padding, 2), ceil_mode != 0,
                                 count_include_pad != 0,
                                 divisor > 0 ? c10::optional<int64_t>(divisor) : c10::nullopt));
  });
}
TS_API int32_t ts_adaptive_avg_pool2d(Tensor x, const int64_t* size, Tensor* out) {
  return guard([&] { *out = own(torch::adaptive_avg_pool2d(*x, ints(size, 2))); });
}
TS_API int32_t ts_batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, int32_t training,
                             double momentum, double eps, Tensor* out) {
  return guard([&] {
    *out = own(torch::batch_norm(*x, optional(weight), optional(bias), optional(mean), optional(variance),
                                 training != 0, momentum, eps, at::globalContext().userEnabledCuDNN()));
  });
}
TS_API int32_t ts_cross_entropy(Tensor x, Tensor target, Tensor weight, int64_t ignore_index, int64_t reduction,
                                double label_smoothing, Tensor* out) {
  return guard([&] {
    *out = own(at::cross_entropy_loss(*x, *target, optional(weight), reduction, ignore_index, label_smoothing));
  });
}
TS_API int32_t ts_nll_loss(Tensor x, Tensor target, Tensor weight, int64_t reduction, Tensor* out) {
  return guard([&] { *out = own(at::nll_loss(*x, *target, optional(weight), reduction)); });
}
TS_API int32_t ts_mse_loss(Tensor x, Tensor target, int64_t reduction, Tensor* out) {
  return guard([&] { *out = own(at::mse_loss(*x, *target, reduction)); });
}
TS_API int32_t ts_log_softmax(Tensor x, int64_t dim, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->log_softmax(dim, optional_type(type))); });
}
TS_API int32_t ts_softmax(Tensor x, int64_t dim, int32_t type, Tensor* out) {
  return guard([&] { *out = own(x->softmax(dim, optional_type(type))); });
}
TS_API int32_t ts_one_hot(Tensor x, int64_t classes, Tensor* out) {
  return guard([&] { *out = own(at::one_hot(*x, classes)); });
}
TS_API int32_t ts_constant_pad(Tensor x, const int64_t* padding, int32_t count, double value, Tensor* out) {
  return guard([&] { *out = own(at::constant_pad_nd(*x, ints(padding, count), value)); });
}
