// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>A layer in which nothing can overflow, as one exact matrix product over its padded input, without a copy of the windows.</summary>
internal sealed unsafe class ExactProductSums : FastEngineSums
{
    private const int PixelsAtATime = 64;

    private readonly FastEngineGeometry geometry;
    private readonly MatrixProduct product;
    private readonly int operandOffset;
    private readonly ActivationRun[] runs;
    private readonly PinnedBuffer<int> weights;
    private readonly PinnedBuffer<int> initial;
    private readonly int blockWeights;
    private readonly int inputElements;

    private ExactProductSums(MatrixLayer layer, MatrixProduct product, int operandOffset)
    {
        this.product = product;
        this.operandOffset = operandOffset;
        geometry = new FastEngineGeometry(layer);
        inputElements = layer.Input.Elements;
        Pitch = (layer.OutputChannels + product.BlockChannels - 1) / product.BlockChannels * product.BlockChannels;

        // Weights whose activations lie side by side form a run: a kernel row, or a kernel pixel where dilation tears rows apart.
        int length = layer.Dilation.Columns == 1 || layer.KernelColumns == 1 ? layer.KernelColumns * layer.Input.Channels : layer.Input.Channels;
        int groups = (length + product.GroupElements - 1) / product.GroupElements;
        runs = [.. Enumerable.Range(0, layer.Depth / length).Select(run => new ActivationRun(geometry.Offset(run * length) * product.ElementBytes, groups))];
        blockWeights = runs.Length * groups * product.BlockChannels;
        weights = new PinnedBuffer<int>((long)blockWeights * (Pitch / product.BlockChannels));
        initial = new PinnedBuffer<int>(Pitch);
        Pack(layer, length, groups);
    }

    public override int Pitch { get; }

    public override bool Wide => false;

    /// <summary>The product, or null where activations or weights fit no form of it.</summary>
    public static ExactProductSums? TryOf(MatrixLayer layer, Interval activation, InstructionSet set)
    {
        int[] values = ImmutableCollectionsMarshal.AsArray(layer.Weights.Values)!;
        Interval weight = new(values.Min(), values.Max());
        bool bytes = activation.High - activation.Low <= byte.MaxValue && activation is { Low: >= sbyte.MinValue, High: <= byte.MaxValue }
            && weight is { Low: >= sbyte.MinValue, High: <= sbyte.MaxValue };
        int byteOffset = (int)Math.Max(0, -activation.Low);
        MatrixProduct product = MatrixProduct.For(set, bytes, (int)Math.Min(activation.High + byteOffset, int.MaxValue), (int)Math.Min(weight.Magnitude, int.MaxValue));
        if (product.Form == OperandForm.Bytes)
        {
            return new ExactProductSums(layer, product, byteOffset);
        }
        bool signed = activation is { Low: >= short.MinValue, High: <= short.MaxValue };
        bool unsigned = activation is { Low: >= 0, High: <= ushort.MaxValue };
        bool fits = (signed || unsigned) && weight is { Low: >= short.MinValue, High: <= short.MaxValue };
        return fits ? new ExactProductSums(layer, product, signed ? 0 : short.MinValue) : null;
    }

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    /// <summary>
    /// <c>[block][run][group][channel]</c>, and for each channel <c>-offset * sum of weights</c>: activations are stored plus the offset.
    /// </summary>
    private void Pack(MatrixLayer layer, int length, int groups)
    {
        int mask = product.Form == OperandForm.Bytes ? 0xFF : 0xFFFF;
        int bits = 8 * product.ElementBytes;
        ReadOnlySpan<int> values = layer.Weights.Values.AsSpan();
        for (int channel = 0; channel < layer.OutputChannels; channel++)
        {
            int* packed = weights.Pointer + ((nint)channel / product.BlockChannels * blockWeights) + (channel % product.BlockChannels);
            int sum = 0;
            for (int run = 0; run < runs.Length; run++)
            {
                ReadOnlySpan<int> elements = values.Slice((channel * layer.Depth) + (run * length), length);
                for (int group = 0; group < groups; group++, packed += product.BlockChannels)
                {
                    ReadOnlySpan<int> members = elements[(group * product.GroupElements)..Math.Min(length, (group + 1) * product.GroupElements)];
                    for (int i = 0; i < members.Length; i++)
                    {
                        *packed |= (members[i] & mask) << (bits * i);
                        sum = unchecked(sum + members[i]);
                    }
                }
            }
            initial.Span[channel] = unchecked(-operandOffset * sum);
        }
    }

    private sealed class ThreadRunner : Runner
    {
        private readonly ExactProductSums owner;
        private readonly int imagesAtATime;
        private readonly int planeBytes;
        private readonly PinnedBuffer<byte> operands;
        private readonly PinnedBuffer<int> bases;

        public ThreadRunner(ExactProductSums owner, int images)
        {
            this.owner = owner;
            FastEngineGeometry geometry = owner.geometry;
            imagesAtATime = Math.Min(images, (PixelsAtATime + geometry.Pixels - 1) / geometry.Pixels);
            planeBytes = geometry.Elements * owner.product.ElementBytes;
            operands = new PinnedBuffer<byte>((long)imagesAtATime * planeBytes);
            bases = new PinnedBuffer<int>((long)imagesAtATime * geometry.Pixels);
            for (int image = 0; image < imagesAtATime; image++)
            {
                for (int pixel = 0; pixel < geometry.Pixels; pixel++)
                {
                    bases.Span[(image * geometry.Pixels) + pixel] = (image * planeBytes) + (geometry.Base(pixel) * owner.product.ElementBytes);
                }
                byte* plane = operands.Pointer + ((nint)image * planeBytes);
                if (owner.product.Form == OperandForm.Bytes)
                {
                    geometry.FillBorder(plane, owner.operandOffset);
                }
                else
                {
                    geometry.FillBorder((short*)plane, owner.operandOffset);
                }
            }
        }

        public override void Run(int* codes, int firstImage, int images, void* accumulators, FastEngineTally tally)
        {
            int pixels = owner.geometry.Pixels;
            for (int image = 0; image < images; image += imagesAtATime)
            {
                int count = Math.Min(imagesAtATime, images - image);
                Fill(codes + ((nint)image * owner.inputElements), count);
                int* results = (int*)accumulators + ((nint)image * pixels * owner.Pitch);
                for (int channel = 0; channel < owner.Pitch; channel += owner.product.BlockChannels)
                {
                    int* weights = owner.weights.Pointer + ((nint)channel / owner.product.BlockChannels * owner.blockWeights);
                    owner.product.Run(weights, operands.Pointer, bases.Pointer, count * pixels, owner.runs, owner.initial.Pointer + channel, results + channel, owner.Pitch);
                }
            }
        }

        private void Fill(int* codes, int images)
        {
            for (int image = 0; image < images; image++)
            {
                byte* plane = operands.Pointer + ((nint)image * planeBytes);
                int* source = codes + ((nint)image * owner.inputElements);
                if (owner.product.Form == OperandForm.Bytes)
                {
                    owner.geometry.FillInside(source, plane, owner.operandOffset);
                }
                else
                {
                    owner.geometry.FillInside(source, (short*)plane, owner.operandOffset);
                }
            }
        }
    }
}
