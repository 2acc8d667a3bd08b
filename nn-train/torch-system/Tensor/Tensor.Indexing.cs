// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// Part of the tensor: <c>x[0]</c>, <c>x[.., 1]</c>, <c>x[TensorIndex.Ellipsis, 2..4]</c>, <c>x[TensorIndex.Tensor(mask)]</c>.
        /// Numbers, ranges and new axes share memory with this tensor; masks and index tensors copy.
        /// </summary>
        [IndexerName("TensorItems")]
        public unsafe Tensor this[params TensorIndex[] indices]
        {
            get
            {
                using var tensors = new TensorList(indices.Select(i => i.tensor));
                fixed (NativeIndex* native = ToNative(indices, tensors))
                {
                    return Result(ts_index(handle, native, indices.Length, out var r), r);
                }
            }
            set
            {
                using var tensors = new TensorList(indices.Select(i => i.tensor));
                fixed (NativeIndex* native = ToNative(indices, tensors))
                {
                    Check(ts_index_put_(handle, native, indices.Length, value.handle));
                }
            }
        }

        private static NativeIndex[] ToNative(TensorIndex[] indices, TensorList tensors)
        {
            var result = new NativeIndex[indices.Length];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = indices[i].ToNative(tensors.Pointers[i]);
            }
            return result;
        }
    }
}
