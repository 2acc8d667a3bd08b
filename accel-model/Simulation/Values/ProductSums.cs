// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>A layer in which nothing can overflow, as one exact matrix product of each group over its padded input, without a copy of the windows.</summary>
internal sealed unsafe class ProductSums : LayerSums
{
    private const int PixelsAtATime = 64;

    private readonly MatrixShape shape;
    private readonly PaddedMap map;
    private readonly MatrixProduct product;
    private readonly OperandOfCode form;
    private readonly int operandOffset;
    private readonly int runLength;
    private readonly int runGroups;
    private readonly ActivationRun[] runs;
    private readonly int blocks;
    private readonly int blockWeights;
    private readonly PinnedBuffer<int> weights;
    private readonly PinnedBuffer<int> initial;

    private ProductSums(MatrixShape shape, MatrixProduct product, int operandOffset)
    {
        this.shape = shape;
        this.product = product;
        this.operandOffset = operandOffset;
        form = new OperandOfCode(0, -1, operandOffset + shape.ActivationOffset);
        map = new PaddedMap(shape);
        blocks = (shape.GroupOutputs + product.BlockChannels - 1) / product.BlockChannels;

        // The last block of the last group may reach beyond the output channels.
        int reached = shape.Outputs - shape.GroupOutputs + (blocks * product.BlockChannels);
        Pitch = (reached + LanesOfPitch - 1) / LanesOfPitch * LanesOfPitch;

        // Weights whose activations lie side by side form a run: a kernel row, or a kernel pixel where dilation or groups tear rows apart.
        bool rows = shape.Groups == 1 && (shape.Dilation.Columns == 1 || shape.KernelColumns == 1);
        runLength = rows ? shape.KernelColumns * shape.GroupInputs : shape.GroupInputs;
        runGroups = (runLength + product.GroupElements - 1) / product.GroupElements;
        runs = [.. Enumerable.Range(0, shape.Depth / runLength).Select(run => new ActivationRun(map.Offset(run * runLength) * product.ElementBytes, runGroups))];
        blockWeights = runs.Length * runGroups * product.BlockChannels;
        weights = new PinnedBuffer<int>((long)blockWeights * blocks * shape.Groups);
        initial = new PinnedBuffer<int>((long)blocks * shape.Groups * product.BlockChannels);
        if (!shape.Weights.IsEmpty)
        {
            Pack(shape.Weights.AsSpan(), weights, initial);
        }
    }

    public override int Pitch { get; }

    public override bool Wide => false;

    /// <summary>The product, or null where activations or weights fit no form of it.</summary>
    public static ProductSums? TryOf(MatrixShape shape, Interval activation, Interval weight, long greatestResult, InstructionSet set)
    {
        bool bytes = activation.High - activation.Low <= byte.MaxValue && activation is { Low: >= sbyte.MinValue, High: <= byte.MaxValue }
            && weight is { Low: >= sbyte.MinValue, High: <= sbyte.MaxValue };
        int byteOffset = (int)Math.Max(0, -activation.Low);
        MatrixProduct product = MatrixProduct.For(set, bytes, (int)Math.Min(activation.High + byteOffset, int.MaxValue), (int)Math.Min(weight.Magnitude, int.MaxValue));
        if (product.Form == OperandForm.Bytes)
        {
            return new ProductSums(shape, product, byteOffset) { GreatestResult = greatestResult };
        }
        bool signed = activation is { Low: >= short.MinValue, High: <= short.MaxValue };
        bool unsigned = activation is { Low: >= 0, High: <= ushort.MaxValue };
        bool fits = (signed || unsigned) && weight is { Low: >= short.MinValue, High: <= short.MaxValue };
        return fits ? new ProductSums(shape, product, signed ? 0 : short.MinValue) { GreatestResult = greatestResult } : null;
    }

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    /// <summary>
    /// <c>[group][block][run][group of elements][channel]</c>, and for each channel <c>-offset * sum of weights</c>: activations are stored plus the offset.
    /// </summary>
    private void Pack(ReadOnlySpan<int> values, PinnedBuffer<int> packedWeights, PinnedBuffer<int> packedInitial)
    {
        packedWeights.Span.Clear();
        int mask = product.Form == OperandForm.Bytes ? 0xFF : 0xFFFF;
        int bits = 8 * product.ElementBytes;
        for (int output = 0; output < shape.Outputs; output++)
        {
            int channel = output % shape.GroupOutputs;
            int block = (output / shape.GroupOutputs * blocks) + (channel / product.BlockChannels);
            int* packed = packedWeights.Pointer + ((nint)block * blockWeights) + (channel % product.BlockChannels);
            int sum = 0;
            for (int run = 0; run < runs.Length; run++)
            {
                ReadOnlySpan<int> elements = values.Slice((output * shape.Depth) + (run * runLength), runLength);
                for (int group = 0; group < runGroups; group++, packed += product.BlockChannels)
                {
                    ReadOnlySpan<int> members = elements[(group * product.GroupElements)..Math.Min(runLength, (group + 1) * product.GroupElements)];
                    for (int i = 0; i < members.Length; i++)
                    {
                        *packed |= (members[i] & mask) << (bits * i);
                        sum = unchecked(sum + members[i]);
                    }
                }
            }
            packedInitial.Span[(block * product.BlockChannels) + (channel % product.BlockChannels)] = unchecked(-operandOffset * sum);
        }
    }

    private sealed class ThreadRunner : Runner
    {
        private readonly ProductSums owner;
        private readonly int planeBytes;
        private readonly PinnedBuffer<byte> operands;
        private readonly PinnedBuffer<int> bases;
        private readonly PinnedBuffer<int> weights;
        private readonly PinnedBuffer<int> initial;

        public ThreadRunner(ProductSums owner, int images)
        {
            this.owner = owner;
            PaddedMap map = owner.map;
            int pixels = owner.shape.Pixels;
            bool constant = !owner.shape.Weights.IsEmpty;
            weights = constant ? owner.weights : new PinnedBuffer<int>(owner.weights.Length);
            initial = constant ? owner.initial : new PinnedBuffer<int>(owner.initial.Length);
            ImagesAtATime = Math.Min(images, (PixelsAtATime + pixels - 1) / pixels);
            planeBytes = map.Elements * owner.product.ElementBytes;
            operands = new PinnedBuffer<byte>((long)ImagesAtATime * planeBytes);
            bases = new PinnedBuffer<int>((long)ImagesAtATime * pixels);
            for (int image = 0; image < ImagesAtATime; image++)
            {
                for (int pixel = 0; pixel < pixels; pixel++)
                {
                    bases.Span[(image * pixels) + pixel] = (image * planeBytes) + (map.Base(pixel) * owner.product.ElementBytes);
                }
                byte* plane = operands.Pointer + ((nint)image * planeBytes);
                if (owner.product.Form == OperandForm.Bytes)
                {
                    map.FillBorder(plane, owner.form);
                }
                else
                {
                    map.FillBorder((short*)plane, owner.form);
                }
            }
        }

        public override int ImagesAtATime { get; }

        public override void SetWeights(ReadOnlySpan<int> weights) => owner.Pack(weights, this.weights, initial);

        public override void Run(SumBatch batch, void* accumulators, OverflowTally tally)
        {
            MatrixShape shape = owner.shape;
            MatrixProduct product = owner.product;
            Fill(batch.Codes, batch.Images);
            int block = 0;
            for (int group = 0; group < shape.Groups; group++)
            {
                byte* activations = operands.Pointer + ((nint)group * shape.GroupInputs * product.ElementBytes);
                for (int channel = 0; channel < shape.GroupOutputs; channel += product.BlockChannels, block++)
                {
                    // What a block writes beyond its group, the next group writes again.
                    product.Run(
                        weights.Pointer + ((nint)block * owner.blockWeights),
                        activations,
                        bases.Pointer,
                        batch.Images * shape.Pixels,
                        owner.runs,
                        initial.Pointer + ((nint)block * product.BlockChannels),
                        (int*)accumulators + (group * shape.GroupOutputs) + channel,
                        owner.Pitch);
                }
            }
        }

        private void Fill(int* codes, int images)
        {
            for (int image = 0; image < images; image++)
            {
                byte* plane = operands.Pointer + ((nint)image * planeBytes);
                int* source = codes + ((nint)image * owner.shape.Input.Elements);
                if (owner.product.Form == OperandForm.Bytes)
                {
                    owner.map.FillInside(source, plane, owner.form);
                }
                else
                {
                    owner.map.FillInside(source, (short*)plane, owner.form);
                }
            }
        }
    }
}
