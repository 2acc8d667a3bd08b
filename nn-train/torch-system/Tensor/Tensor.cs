// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch: names, arguments and defaults are those of TorchSharp's type of the same name, and every
    /// member computes what PyTorch's function of the same name does.
    /// </summary>
    /// <remarks>
    /// A new tensor belongs to the innermost <see cref="DisposeScope"/> of its thread. Errors of libtorch arrive as
    /// <see cref="System.Runtime.InteropServices.ExternalException"/> with libtorch's message.
    /// </remarks>
    public partial class Tensor : IDisposable
    {
        internal TensorHandle handle;

        internal Tensor(TensorHandle handle, bool register = true)
        {
            this.handle = handle;
            if (register)
            {
                DisposeScope.Innermost?.Add(this);
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>True after the tensor was disposed.</summary>
        public bool IsInvalid => handle.IsInvalid || handle.IsClosed;

        public long ndim => ts_ndim(handle);

        public long Dimensions => ndim;

        public long NumberOfElements => ts_numel(handle);

        /// <summary>Bytes per element.</summary>
        public long ElementSize => ts_element_size(handle);

        public ScalarType dtype => (ScalarType)ts_dtype(handle);

        public Device device => CPU;

        public DeviceType device_type => DeviceType.CPU;

        public long[] shape => size();

        public long dim() => ndim;

        public long numel() => NumberOfElements;

        public long[] size()
        {
            var result = new long[ndim];
            Check(ts_sizes(handle, result));
            return result;
        }

        /// <summary>The extent of one axis; a negative axis counts from the last.</summary>
        public long size(int dim) => Pick(size(), dim);

        /// <summary>Distance, in elements, between neighbours along each axis.</summary>
        public long[] stride()
        {
            var result = new long[ndim];
            Check(ts_strides(handle, result));
            return result;
        }

        public long stride(int dim) => Pick(stride(), dim);

        public bool is_contiguous() => ts_is_contiguous(handle) != 0;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            OwningDisposeScope?.Remove(this);
            handle.Dispose();
        }

        /// <summary>Takes the tensor out of its scope: from now on its owner disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Remove(this);
            return this;
        }

        /// <summary>Hands the tensor to the scope around its own, or to its owner where there is none.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Equal shapes, types and values.</summary>
        public bool Equals(Tensor? target)
        {
            if (target is null)
            {
                return false;
            }
            Check(ts_equal(handle, target.handle, out var equal));
            return equal != 0;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString() => IsInvalid
            ? "[disposed tensor]"
            : string.Create(CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = cpu");

        /// <summary>Gives the native tensor away; this object is empty afterwards.</summary>
        internal TensorHandle MoveHandle()
        {
            var moved = handle;
            handle = new TensorHandle();
            return moved;
        }

        /// <summary>The handle of an optional tensor.</summary>
        internal static TensorHandle HandleOf(Tensor? tensor) => tensor?.handle ?? TensorHandle.None;

        /// <summary>A tensor from the outcome of a native call.</summary>
        internal static Tensor Result(int code, TensorHandle result)
        {
            Check(code);
            return new Tensor(result);
        }

        private static (Tensor, Tensor) Result(int code, TensorHandle first, TensorHandle second)
        {
            Check(code);
            return (new Tensor(first), new Tensor(second));
        }

        /// <summary>This tensor after the outcome of a native call that changed it in place.</summary>
        private Tensor Changed(int code)
        {
            Check(code);
            return this;
        }

        private static long Pick(long[] values, int dim) => values[dim < 0 ? dim + values.Length : dim];

        private static int Flag(bool value) => value ? 1 : 0;
    }
}
