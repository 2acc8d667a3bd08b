// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>A depthwise layer in which nothing can overflow: channels side by side, two elements of a kernel row at a time.</summary>
internal sealed unsafe class DepthwiseSums : LayerSums
{
    private readonly MatrixShape shape;
    private readonly PaddedMap map;
    private readonly OperandOfCode form;
    private readonly PinnedBuffer<int> weights;
    private readonly PinnedBuffer<int> initial;
    private readonly PinnedBuffer<int> bases;
    private readonly PinnedBuffer<int> offsets;
    private readonly delegate*<int*, int, int*, int*, int, int*, int, int*, int*, void> kernel;
    private readonly delegate*<short*, nint, int*, int, void> pairs;

    private DepthwiseSums(MatrixShape shape, int operandOffset, InstructionSet set)
    {
        this.shape = shape;
        form = new OperandOfCode(0, -1, operandOffset);
        map = new PaddedMap(shape.WithOwnChannels());
        Pitch = (shape.Outputs + LanesOfPitch - 1) / LanesOfPitch * LanesOfPitch;
        kernel = DepthwiseKernels.For(set);
        pairs = DepthwiseKernels.PairsFor(set);
        int pairsOfRow = (shape.KernelColumns + 1) / 2;
        weights = new PinnedBuffer<int>((long)shape.KernelRows * pairsOfRow * Pitch);
        offsets = new PinnedBuffer<int>(shape.KernelRows * pairsOfRow);
        initial = new PinnedBuffer<int>(Pitch);
        bases = new PinnedBuffer<int>(shape.Pixels);
        for (int pixel = 0; pixel < shape.Pixels; pixel++)
        {
            bases.Span[pixel] = map.Base(pixel);
        }
        for (int pair = 0; pair < offsets.Length; pair++)
        {
            int tap = (pair / pairsOfRow * shape.KernelColumns) + (pair % pairsOfRow * 2);
            offsets.Span[pair] = map.Offset(tap);
            bool whole = (pair % pairsOfRow * 2) + 1 < shape.KernelColumns;
            for (int output = 0; output < shape.Outputs; output++)
            {
                ReadOnlySpan<int> taps = shape.Weights.AsSpan().Slice(output * shape.Depth, shape.Depth);
                int second = whole ? taps[tap + 1] : 0;
                weights.Span[(pair * Pitch) + output] = (taps[tap] & 0xFFFF) | (second << 16);
                initial.Span[output] = unchecked(initial.Span[output] - (operandOffset * (taps[tap] + second)));
            }
        }
    }

    public override int Pitch { get; }

    public override bool Wide => false;

    /// <summary>The sums, or null where activations or weights do not fit 16 bits.</summary>
    public static DepthwiseSums? TryOf(MatrixShape shape, Interval activation, Interval weight, long greatestResult, InstructionSet set)
    {
        bool signed = activation is { Low: >= short.MinValue, High: <= short.MaxValue };
        bool unsigned = activation is { Low: >= 0, High: <= ushort.MaxValue };
        return (signed || unsigned) && weight is { Low: >= short.MinValue, High: <= short.MaxValue }
            ? new DepthwiseSums(shape, signed ? 0 : short.MinValue, set) { GreatestResult = greatestResult }
            : null;
    }

    public override Runner ForThread(int images) => new ThreadRunner(this);

    private sealed class ThreadRunner : Runner
    {
        private readonly DepthwiseSums owner;
        private readonly PinnedBuffer<int> copies;
        private readonly PinnedBuffer<short> padded;
        private readonly PinnedBuffer<int> plane;
        private readonly int distance;

        public ThreadRunner(DepthwiseSums owner)
        {
            this.owner = owner;
            MatrixShape shape = owner.shape;
            distance = shape.KernelColumns == 1 ? 0 : shape.Dilation.Columns * shape.Outputs;
            copies = new PinnedBuffer<int>(ChannelCopies.Elements(shape));

            // The last pixels have no partner; what they are joined with meets weights that are zero.
            padded = new PinnedBuffer<short>((long)owner.map.Elements + distance);
            plane = new PinnedBuffer<int>((long)owner.map.Elements + LanesOfPitch);
            owner.map.FillBorder(padded.Pointer, owner.form);
        }

        public override int ImagesAtATime => 1;

        public override void SetWeights(ReadOnlySpan<int> weights) => throw new InvalidOperationException("a depthwise layer has constant weights");

        public override void Run(SumBatch batch, void* accumulators, OverflowTally tally)
        {
            owner.map.FillInside(ChannelCopies.Of(owner.shape, batch.Codes, copies.Pointer), padded.Pointer, owner.form);
            owner.pairs(padded.Pointer, distance, plane.Pointer, owner.map.Elements);
            owner.kernel(
                owner.weights.Pointer,
                owner.Pitch,
                plane.Pointer,
                owner.bases.Pointer,
                owner.shape.Pixels,
                owner.offsets.Pointer,
                owner.offsets.Length,
                owner.initial.Pointer,
                (int*)accumulators);
        }
    }
}
