// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>
/// The functions of <c>native/torchsystem.cpp</c>, in its order; ownership and error rules are described there.
/// </summary>
internal static partial class NativeMethods
{
    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, ShimLibrary.Resolve);

    /// <summary>Turns an error code of the native side into an exception with the native message.</summary>
    /// <exception cref="ExternalException">The native call failed.</exception>
    internal static void Check(int code)
    {
        if (code != 0)
        {
            throw new ExternalException(LastError());
        }
    }

    private static unsafe string LastError()
    {
        var message = new byte[ts_last_error(null, 0)];
        fixed (byte* buffer = message)
        {
            _ = ts_last_error(buffer, message.Length);
        }
        return Encoding.UTF8.GetString(message);
    }

    // errors, version, threads

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_last_error(byte* buffer, int capacity);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_set_num_threads(int count);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_get_num_threads();

    // life, shape and memory of a tensor

    [LibraryImport(ShimLibrary.Name)]
    internal static partial void ts_tensor_free(nint x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial long ts_ndim(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial long ts_numel(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_dtype(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial long ts_element_size(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_is_contiguous(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sizes(TensorHandle x, Span<long> result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_strides(TensorHandle x, Span<long> result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_data(TensorHandle x, out nint result);

    // factories

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_from_data(
        void* data, ReadOnlySpan<long> shape, int rank, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_empty(ReadOnlySpan<long> shape, int rank, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_full(
        ReadOnlySpan<long> shape, int rank, NativeScalar value, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_arange(
        NativeScalar start, NativeScalar stop, NativeScalar step, int type, out TensorHandle result);

    // random numbers

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_new(ulong seed, out GeneratorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_default(out GeneratorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial void ts_generator_free(nint g);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_manual_seed(GeneratorHandle g, long seed);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_initial_seed(GeneratorHandle g, out long result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_get_state(GeneratorHandle g, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_generator_set_state(GeneratorHandle g, TensorHandle state);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_manual_seed(long seed);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_rand(
        ReadOnlySpan<long> shape, int rank, int type, GeneratorHandle g, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_randn(
        ReadOnlySpan<long> shape, int rank, int type, GeneratorHandle g, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_randint(
        long low, long high, ReadOnlySpan<long> shape, int rank, int type, GeneratorHandle g, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_randperm(long n, int type, GeneratorHandle g, out TensorHandle result);

    // automatic differentiation

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_requires_grad(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_is_leaf(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_set_requires_grad(TensorHandle x, int value);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_grad(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_set_grad(TensorHandle x, TensorHandle grad);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_backward(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_function(
        TensorHandle value, nint[] inputs, int count, nint[] saved, int savedCount, long id,
        delegate* unmanaged<long, nint, nint*, int, nint*, int, int> backward, delegate* unmanaged<long, void> release, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name), SuppressGCTransition]
    internal static partial int ts_grad_enabled();

    [LibraryImport(ShimLibrary.Name), SuppressGCTransition]
    internal static partial void ts_set_grad_enabled(int value);

    // elementwise functions of one tensor

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_abs(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_alias(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_ceil(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_clone(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_contiguous(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_detach(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_exp(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_exp2(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_floor(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_isfinite(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_isnan(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_log(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_log2(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_logical_not(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_neg(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_reciprocal(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_relu(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_rsqrt(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sigmoid(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sign(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sqrt(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_square(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_tanh(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_trunc(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_round(TensorHandle x, long decimals, out TensorHandle result);

    // elementwise functions of two

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_div(TensorHandle x, TensorHandle y, int mode, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_div_scalar(TensorHandle x, NativeScalar y, int mode, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_eq(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_eq_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_ge(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_ge_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_gt(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_gt_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_le(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_le_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_lt(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_lt_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mul(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mul_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_ne(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_ne_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_pow(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_pow_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_remainder(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_remainder_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_logical_and(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_logical_or(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_matmul(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_maximum(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_minimum(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_add(TensorHandle x, TensorHandle y, NativeScalar alpha, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_add_scalar(
        TensorHandle x, NativeScalar y, NativeScalar alpha, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sub(TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sub_scalar(TensorHandle x, NativeScalar y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_clamp(
        TensorHandle x, NativeScalar* low, NativeScalar* high, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_clamp_tensor(
        TensorHandle x, TensorHandle low, TensorHandle high, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_where(
        TensorHandle condition, TensorHandle x, TensorHandle y, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_masked_fill(
        TensorHandle x, TensorHandle mask, NativeScalar value, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_allclose(
        TensorHandle x, TensorHandle y, double rtol, double atol, int equalNan, out int result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_equal(TensorHandle x, TensorHandle y, out int result);

    // reductions

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_all(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_any(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_argmax(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_argmin(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_max(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mean(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_min(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sum(TensorHandle x, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sum_dims(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keep, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mean_dims(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keep, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_amax(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_amin(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_std(TensorHandle x, int unbiased, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_std_dims(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int unbiased, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_var(TensorHandle x, int unbiased, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_var_dims(
        TensorHandle x, ReadOnlySpan<long> dims, int count, int unbiased, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_max_dim(
        TensorHandle x, long dim, int keep, out TensorHandle values, out TensorHandle indices);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_min_dim(
        TensorHandle x, long dim, int keep, out TensorHandle values, out TensorHandle indices);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sort(
        TensorHandle x, long dim, int descending, int stable, out TensorHandle values, out TensorHandle indices);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_argmax_dim(TensorHandle x, long dim, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_argmin_dim(TensorHandle x, long dim, int keep, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_cumsum(TensorHandle x, long dim, int type, out TensorHandle result);

    // shapes, types and selections

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_to_type(TensorHandle x, int type, int copy, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_view(TensorHandle x, ReadOnlySpan<long> shape, int rank, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_reshape(TensorHandle x, ReadOnlySpan<long> shape, int rank, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_expand(
        TensorHandle x, ReadOnlySpan<long> shape, int rank, int isImplicit, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_repeat(TensorHandle x, ReadOnlySpan<long> counts, int rank, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_permute(TensorHandle x, ReadOnlySpan<long> dims, int rank, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_transpose(TensorHandle x, long dim0, long dim1, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_flatten(TensorHandle x, long start, long end, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_squeeze(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_t(TensorHandle x, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_squeeze_dim(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_unsqueeze(TensorHandle x, long dim, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_select(TensorHandle x, long dim, long index, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_narrow(TensorHandle x, long dim, long start, long length, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_slice(
        TensorHandle x, long dim, long start, long finish, long step, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_index_select(TensorHandle x, long dim, TensorHandle index, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_gather(TensorHandle x, long dim, TensorHandle index, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_cat(nint[] tensors, int count, long dim, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_stack(nint[] tensors, int count, long dim, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_index(
        TensorHandle x, NativeIndex* indices, int count, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_index_put_(
        TensorHandle x, NativeIndex* indices, int count, TensorHandle value);

    // in place

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_add_(TensorHandle x, TensorHandle y, NativeScalar alpha);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_add_scalar_(TensorHandle x, NativeScalar y, NativeScalar alpha);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sub_(TensorHandle x, TensorHandle y);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_sub_scalar_(TensorHandle x, NativeScalar y);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mul_(TensorHandle x, TensorHandle y);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mul_scalar_(TensorHandle x, NativeScalar y);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_div_(TensorHandle x, TensorHandle y, int mode);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_div_scalar_(TensorHandle x, NativeScalar y, int mode);

    [LibraryImport(ShimLibrary.Name)]
    internal static unsafe partial int ts_clamp_(TensorHandle x, NativeScalar* low, NativeScalar* high);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_fill_(TensorHandle x, NativeScalar value);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_zero_(TensorHandle x);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_copy_(TensorHandle x, TensorHandle y);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_addcmul_(TensorHandle x, TensorHandle y, TensorHandle z, NativeScalar value);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_addcdiv_(TensorHandle x, TensorHandle y, TensorHandle z, NativeScalar value);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_uniform_(TensorHandle x, double low, double high, GeneratorHandle g);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_normal_(TensorHandle x, double mean, double std, GeneratorHandle g);

    // layers and losses

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_linear(
        TensorHandle x, TensorHandle weight, TensorHandle bias, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_conv2d(
        TensorHandle x, TensorHandle weight, TensorHandle bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_max_pool2d(
        TensorHandle x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, int ceilMode, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_avg_pool2d(
        TensorHandle x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, int ceilMode, int countIncludePad, long divisor, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_adaptive_avg_pool2d(
        TensorHandle x, ReadOnlySpan<long> size, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_batch_norm(
        TensorHandle x, TensorHandle weight, TensorHandle bias, TensorHandle mean, TensorHandle variance, int training, double momentum, double eps, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_cross_entropy(
        TensorHandle x, TensorHandle target, TensorHandle weight, long ignoreIndex, long reduction, double labelSmoothing, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_nll_loss(
        TensorHandle x, TensorHandle target, TensorHandle weight, long reduction, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_mse_loss(
        TensorHandle x, TensorHandle target, long reduction, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_log_softmax(TensorHandle x, long dim, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_softmax(TensorHandle x, long dim, int type, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_one_hot(TensorHandle x, long classes, out TensorHandle result);

    [LibraryImport(ShimLibrary.Name)]
    internal static partial int ts_constant_pad(
        TensorHandle x, ReadOnlySpan<long> padding, int count, double value, out TensorHandle result);
}
