// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Utils;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const int StreamBlockBytes = 1 << 16;

        internal nint DataPointer
        {
            get
            {
                Check(ts_data(handle, out var pointer));
                return pointer;
            }
        }

        /// <summary>The elements, for reading and writing.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged => ElementType<T>() == dtype
            ? new TensorAccessor<T>(this)
            : throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");

        /// <summary>The value of a tensor of one element.</summary>
        /// <exception cref="ArgumentException">There is not exactly one element, or its type is another.</exception>
        public T item<T>() where T : unmanaged => NumberOfElements == 1
            ? data<T>()[0]
            : throw new ArgumentException("Number of elements in the tensor must be 1");

        /// <summary>The memory of a contiguous tensor. Valid while the tensor lives.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
        public unsafe Span<byte> bytes
        {
            get => new((void*)ContiguousPointer(), checked((int)(NumberOfElements * ElementSize)));
            set
            {
                var memory = bytes;
                if (memory.Length != value.Length)
                {
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                }
                value.CopyTo(memory);
            }
        }

        /// <summary>Writes the memory of a contiguous tensor to a stream.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var pointer = (byte*)ContiguousPointer();
            var remaining = NumberOfElements * ElementSize;
            for (int block; remaining > 0; pointer += block, remaining -= block)
            {
                block = (int)Math.Min(remaining, StreamBlockBytes);
                stream.Write(new ReadOnlySpan<byte>(pointer, block));
            }
        }

        /// <summary>Fills the memory of a contiguous tensor from a stream.</summary>
        /// <exception cref="EndOfStreamException">The stream ends too early.</exception>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var pointer = (byte*)ContiguousPointer();
            var remaining = NumberOfElements * ElementSize;
            for (int block; remaining > 0; pointer += block, remaining -= block)
            {
                block = (int)Math.Min(remaining, StreamBlockBytes);
                stream.ReadExactly(new Span<byte>(pointer, block));
            }
        }

        private nint ContiguousPointer() => is_contiguous()
            ? DataPointer
            : throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
    }
}
