// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>A layer that requantises one number for each position, a few rows of elements at a time.</summary>
/// <typeparam name="T">The number.</typeparam>
internal abstract unsafe class ElementwiseStep<T> : LayerStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const int ElementsAtATime = 1024;

    private readonly Requantization requantization;
    private readonly Requantizing<T> requantizing;
    private readonly int elements;
    private readonly int rowElements;

    /// <param name="name">Name of the layer.</param>
    /// <param name="output">The tensor that is made.</param>
    /// <param name="requantization">Its requantisation.</param>
    /// <param name="greatest">Greatest magnitude of the numbers.</param>
    /// <param name="byPixel">Whether the numbers need to know their channel.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">Rounding is stochastic.</exception>
    protected ElementwiseStep(string name, TensorSpec output, Requantization requantization, long greatest, bool byPixel, InstructionSet set)
    {
        this.requantization = requantization;
        elements = output.Elements;

        // Where all channels are treated alike, rows need not be pixels: long ones waste no lanes.
        rowElements = byPixel || !IsUniform(requantization) ? output.Channels : Math.Min(elements, ElementsAtATime);
        requantizing = Requantizing<T>.WithoutOrder(name, requantization, rowElements, greatest, set);
    }

    public override CodeSet Codes => CodeSet.Of(requantization);

    /// <summary>Most elements of a block.</summary>
    protected int BlockElements => Math.Max(1, ElementsAtATime / rowElements) * rowElements;

    /// <summary>Elements of a row: the channels of a pixel where the numbers need to know their channel.</summary>
    protected int RowElements => rowElements;

    /// <summary>Whether a requantisation treats all channels alike.</summary>
    protected static bool IsUniform(Requantization requantization) =>
        requantization is { Bias.Length: 1, Multiplier.Length: <= 1, Shift.Length: <= 1 } && requantization.Thresholds.Length == requantization.ThresholdsPerChannel;

    /// <summary>Requantises block after block of an image.</summary>
    protected abstract class ElementRunner(ElementwiseStep<T> owner) : Runner
    {
        public override void Run(StepImages images)
        {
            for (int image = 0; image < images.Count; image++)
            {
                int* output = images.Output + ((nint)image * owner.elements);
                for (int first = 0; first < owner.elements; first += owner.BlockElements)
                {
                    int count = Math.Min(owner.BlockElements, owner.elements - first);
                    T* numbers = Numbers(images, image, first, count);
                    (int rows, int rest) = Math.DivRem(count, owner.rowElements);
                    owner.requantizing.Run(new Pixels<T>(numbers, owner.rowElements, rows, owner.rowElements), output + first, owner.rowElements);
                    if (rest > 0)
                    {
                        int done = count - rest;
                        owner.requantizing.Run(new Pixels<T>(numbers + done, rest, 1, rest), output + first + done, rest);
                    }
                }
            }
        }

        /// <summary>The numbers of some elements of an image.</summary>
        protected abstract T* Numbers(StepImages images, int image, int first, int count);
    }
}

/// <summary>Each code in the place of an accumulator.</summary>
internal sealed unsafe class RequantizeStep(RequantizeLayer layer, CodeSet codes, InstructionSet set)
    : ElementwiseStep<int>(layer.Name, layer.Output, layer.Requantization, codes.Range.Magnitude, byPixel: false, set)
{
    public override Runner ForThread(int images) => new ThreadRunner(this, layer.Output.Elements);

    private sealed class ThreadRunner(RequantizeStep owner, int elements) : ElementRunner(owner)
    {
        protected override int* Numbers(StepImages images, int image, int first, int count) => images.Inputs[0] + ((nint)image * elements) + first;
    }
}
