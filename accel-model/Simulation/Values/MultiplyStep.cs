// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The product of two codes; a second tensor of one pixel serves all pixels.</summary>
/// <typeparam name="T">What holds the products.</typeparam>
internal sealed unsafe class MultiplyStep<T> : ElementwiseStep<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly MultiplyLayer layer;
    private readonly bool onePixel;
    private readonly delegate*<int*, int*, T*, int, long, long, void> multiply;

    public MultiplyStep(MultiplyLayer layer, TensorSpec second, CodeSet codes, CodeSet secondCodes, InstructionSet set)
        : base(layer.Name, layer.Output, layer.Requantization, Product(layer, codes, secondCodes).Magnitude, byPixel: second.Pixels != layer.Output.Pixels, set)
    {
        this.layer = layer;
        onePixel = second.Pixels != layer.Output.Pixels;
        multiply = ElementKernels.Multiply<T>(set);
    }

    public override Runner ForThread(int images) => new ThreadRunner(this);

    /// <summary>Range of the products.</summary>
    public static Interval Product(MultiplyLayer layer, CodeSet codes, CodeSet secondCodes) =>
        (codes.Range + new Interval(layer.FirstOffset, layer.FirstOffset)).Times(secondCodes.Range + new Interval(layer.SecondOffset, layer.SecondOffset));

    private sealed class ThreadRunner(MultiplyStep<T> owner) : ElementRunner(owner)
    {
        private readonly PinnedBuffer<T> products = new(owner.BlockElements + SumTerm.Slack);

        protected override T* Numbers(StepImages images, int image, int first, int count)
        {
            MultiplyLayer layer = owner.layer;
            int* a = images.Inputs[0] + ((nint)image * layer.Output.Elements) + first;
            if (!owner.onePixel)
            {
                int* b = images.Inputs[1] + ((nint)image * layer.Output.Elements) + first;
                owner.multiply(a, b, products.Pointer, count, layer.FirstOffset, layer.SecondOffset);
                return products.Pointer;
            }
            int channels = owner.RowElements;
            int* factors = images.Inputs[1] + ((nint)image * channels);
            for (int pixel = 0; pixel < count; pixel += channels)
            {
                owner.multiply(a + pixel, factors, products.Pointer + pixel, channels, layer.FirstOffset, layer.SecondOffset);
            }
            return products.Pointer;
        }
    }
}
