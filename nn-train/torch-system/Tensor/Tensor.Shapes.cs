// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Another tensor object on the same memory.</summary>
        public Tensor alias() => Result(ts_alias(handle, out var r), r);

        public Tensor clone() => Result(ts_clone(handle, out var r), r);

        /// <summary>This memory when it is already in row-major order, a copy otherwise.</summary>
        public Tensor contiguous() => Result(ts_contiguous(handle, out var r), r);

        public Tensor cpu() => alias();

        /// <summary>The values as another element type (towards zero into integers).</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var result = Result(ts_to_type(handle, (int)type, Flag(copy), out var r), r);
            if (disposeAfter)
            {
                Dispose();
            }
            return result;
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(dtype, copy, disposeAfter, non_blocking);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        /// <summary>The same memory in another shape; one extent may be -1. Fails where strides do not allow it.</summary>
        public Tensor view(params long[] shape) => Result(ts_view(handle, shape, shape.Length, out var r), r);

        public Tensor view_as(Tensor other) => view(other.shape);

        /// <summary>As <see cref="view"/>, with a copy where strides need one.</summary>
        public Tensor reshape(params long[] shape) => Result(ts_reshape(handle, shape, shape.Length, out var r), r);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Result(ts_flatten(handle, start_dim, end_dim, out var r), r);

        /// <summary>Axes of extent 1 stretched without a copy; -1 leaves an extent as it is.</summary>
        public Tensor expand(params long[] sizes) => expand(sizes, false);

        public Tensor expand(long[] sizes, bool isImplicit = false) =>
            Result(ts_expand(handle, sizes, sizes.Length, Flag(isImplicit), out var r), r);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor repeat(params long[] sizes) => Result(ts_repeat(handle, sizes, sizes.Length, out var r), r);

        public Tensor permute(params long[] permutation) =>
            Result(ts_permute(handle, permutation, permutation.Length, out var r), r);

        public Tensor transpose(long dim0, long dim1) => Result(ts_transpose(handle, dim0, dim1, out var r), r);

        public Tensor t() => Result(ts_t(handle, out var r), r);

        public Tensor squeeze(long? dim = null) => dim is { } axis
            ? Result(ts_squeeze_dim(handle, axis, out var r), r)
            : Result(ts_squeeze(handle, out var s), s);

        public Tensor unsqueeze(long dim) => Result(ts_unsqueeze(handle, dim, out var r), r);

        public Tensor select(long dim, long index) => Result(ts_select(handle, dim, index, out var r), r);

        public Tensor narrow(long dim, long start, long length) =>
            Result(ts_narrow(handle, dim, start, length, out var r), r);

        public Tensor slice(long dim, long start, long finish, long step) =>
            Result(ts_slice(handle, dim, start, finish, step, out var r), r);

        public Tensor index_select(long dim, Tensor index) =>
            Result(ts_index_select(handle, dim, index.handle, out var r), r);

        public Tensor gather(long dim, Tensor index) => Result(ts_gather(handle, dim, index.handle, out var r), r);
    }
}
