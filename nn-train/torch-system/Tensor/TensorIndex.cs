// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One position of an index expression: a number, a range, an ellipsis, a new axis, a mask or indices.</summary>
    public struct TensorIndex
    {
        private const int StartGiven = 1;
        private const int StopGiven = 2;
        private const int StepGiven = 4;

        internal Tensor? tensor;
        private NativeIndexKind kind;
        private long? start;
        private long? stop;
        private long? step;

        /// <summary>All the axes that other positions leave over.</summary>
        public static TensorIndex Ellipsis = new() { kind = NativeIndexKind.Ellipsis };

        /// <summary>A new axis of extent 1.</summary>
        public static TensorIndex None = new() { kind = NativeIndexKind.NewAxis };

        /// <summary>A whole axis.</summary>
        public static TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = NativeIndexKind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End is { IsFromEnd: true, Value: 0 } ? null : range.End.IsFromEnd ? -range.End.Value : range.End.Value);

        public static TensorIndex Bool(bool value) => new() { kind = NativeIndexKind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = NativeIndexKind.Single, start = index };

        /// <summary>The elements at an integer tensor's values, or where a boolean tensor is true.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new() { kind = NativeIndexKind.Tensor, tensor = tensor };

        internal NativeIndex ToNative(nint pointer) => new()
        {
            Kind = kind,
            Present = (start is null ? 0 : StartGiven) | (stop is null ? 0 : StopGiven) | (step is null ? 0 : StepGiven),
            Start = start ?? 0,
            Stop = stop ?? 0,
            Step = step ?? 0,
            Tensor = pointer,
        };
    }
}

internal enum NativeIndexKind
{
    NewAxis = 0,
    Single = 1,
    Ellipsis = 2,
    Bool = 3,
    Tensor = 4,
    Slice = 5,
}

/// <summary>Same layout as <c>Index</c> in torchsystem.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeIndex
{
    internal NativeIndexKind Kind;
    internal int Present;
    internal long Start;
    internal long Stop;
    internal long Step;
    internal nint Tensor;
}
