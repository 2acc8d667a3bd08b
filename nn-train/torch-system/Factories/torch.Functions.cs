// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // The free functions are the members of the same name.

    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor isnan(Tensor input) => input.isnan();

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log2(Tensor input) => input.log2();

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    public static Tensor round(Tensor input, long decimals = 0L) => input.round(decimals);

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor max(Tensor input) => input.max();

    public static Tensor min(Tensor input) => input.min();

    public static Tensor mean(Tensor input) => input.mean();

    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    /// <summary>x where the condition holds, y elsewhere.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    /// <summary>Tensors one after another along an existing axis.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        using var list = new TensorList(tensors);
        return Tensor.Result(ts_cat(list.Pointers, list.Pointers.Length, dim, out var r), r);
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        using var list = new TensorList(tensors);
        return Tensor.Result(ts_stack(list.Pointers, list.Pointers.Length, dim, out var r), r);
    }

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    /// <summary>How many threads one operation may use.</summary>
    public static void set_num_threads(int num) => Check(ts_set_num_threads(num));

    public static int get_num_threads() => ts_get_num_threads();
}
