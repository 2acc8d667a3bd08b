// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Result(ts_all(handle, out var r), r);

        public Tensor any() => Result(ts_any(handle, out var r), r);

        public Tensor argmax() => Result(ts_argmax(handle, out var r), r);

        public Tensor argmin() => Result(ts_argmin(handle, out var r), r);

        public Tensor max() => Result(ts_max(handle, out var r), r);

        public Tensor min() => Result(ts_min(handle, out var r), r);

        public Tensor mean() => Result(ts_mean(handle, out var r), r);

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        /// <summary>Largest values along an axis and where they are.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Result(ts_max_dim(handle, dim, Flag(keepdim), out var v, out var i), v, i);

        /// <summary>Smallest values along an axis and where they are.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Result(ts_min_dim(handle, dim, Flag(keepdim), out var v, out var i), v, i);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Result(ts_sort(handle, dim, Flag(descending), Flag(stable), out var v, out var i), v, i);

        public Tensor argmax(long dim, bool keepdim = false) =>
            Result(ts_argmax_dim(handle, dim, Flag(keepdim), out var r), r);

        public Tensor argmin(long dim, bool keepdim = false) =>
            Result(ts_argmin_dim(handle, dim, Flag(keepdim), out var r), r);

        public Tensor amax(params long[] dims) => amax(dims, false);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Into(@out, Result(ts_amax(handle, dims, dims.Length, Flag(keepdim), out var r), r));

        public Tensor amin(params long[] dims) => amin(dims, false);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            Into(@out, Result(ts_amin(handle, dims, dims.Length, Flag(keepdim), out var r), r));

        /// <summary>Sum of all elements; of integers it is int64.</summary>
        public Tensor sum(ScalarType? type = null) => Result(ts_sum(handle, Code(type), out var r), r);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Result(ts_sum_dims(handle, dim, dim.Length, Flag(keepdim), Code(type), out var r), r);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Result(ts_mean_dims(handle, dimensions, dimensions.Length, Flag(keepdim), Code(type), out var r), r);

        /// <summary>Standard deviation over n − 1 (unbiased) or n.</summary>
        public Tensor std(bool unbiased = true) => Result(ts_std(handle, Flag(unbiased), out var r), r);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, Result(ts_std_dims(handle, dimensions, dimensions.Length, Flag(unbiased), Flag(keepdim), out var r), r));

        /// <summary>Variance over n − 1 (unbiased) or n.</summary>
        public Tensor var(bool unbiased = true) => Result(ts_var(handle, Flag(unbiased), out var r), r);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            As(type, Result(ts_var_dims(handle, dimensions, dimensions.Length, Flag(unbiased), Flag(keepdim), out var r), r));

        public Tensor cumsum(long dim, ScalarType? type = null) =>
            Result(ts_cumsum(handle, dim, Code(type), out var r), r);

        private static Tensor As(ScalarType? type, Tensor result) => type is { } given ? result.to_type(given) : result;

        private static Tensor Into(Tensor? target, Tensor result) => target is null ? result : target.copy_(result);
    }
}
