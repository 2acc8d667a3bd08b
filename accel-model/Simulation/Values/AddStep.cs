// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The sum of two terms.</summary>
/// <typeparam name="T">What holds the sums.</typeparam>
internal sealed unsafe class AddStep<T> : ElementwiseStep<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly AddLayer layer;
    private readonly SumTerm first;
    private readonly SumTerm second;
    private readonly delegate*<int*, int*, T*, int, void> add;

    public AddStep(AddLayer layer, CodeSet codes, CodeSet secondCodes, InstructionSet set)
        : base(layer.Name, layer.Output, layer.Requantization, Sum(layer).Magnitude, byPixel: !IsUniform(layer.First) || !IsUniform(layer.Second), set)
    {
        this.layer = layer;
        first = SumTerm.Of(layer.Name, layer.First, layer.LeftShift, codes.Range, IsUniform(layer.First) ? BlockElements : RowElements, BlockElements, set);
        second = SumTerm.Of(layer.Name, layer.Second, layer.LeftShift, secondCodes.Range, IsUniform(layer.Second) ? BlockElements : RowElements, BlockElements, set);
        add = ElementKernels.Add<T>(set);
    }

    public override Runner ForThread(int images) => new ThreadRunner(this);

    /// <summary>Range of the sums.</summary>
    public static Interval Sum(AddLayer layer) => CodeSet.Of(layer.First).Range + CodeSet.Of(layer.Second).Range;

    private sealed class ThreadRunner(AddStep<T> owner) : ElementRunner(owner)
    {
        private readonly SumTerm.Runner first = owner.first.ForThread();
        private readonly SumTerm.Runner second = owner.second.ForThread();
        private readonly PinnedBuffer<T> sums = new(owner.BlockElements + SumTerm.Slack);

        protected override T* Numbers(StepImages images, int image, int firstElement, int count)
        {
            nint element = ((nint)image * owner.layer.Output.Elements) + firstElement;
            owner.add(first.Run(images.Inputs[0] + element, count), second.Run(images.Inputs[1] + element, count), sums.Pointer, count);
            return sums.Pointer;
        }
    }
}

/// <summary>A term of a sum: <c>requantize((code + bias) * 2^left_shift)</c>.</summary>
internal abstract unsafe class SumTerm
{
    /// <summary>Elements of the longest vector.</summary>
    public const int Slack = 16;

    /// <summary>The term in lanes that hold its numbers.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="scale">Bias and requantisation.</param>
    /// <param name="leftShift">Shift before it.</param>
    /// <param name="codes">Range of the codes.</param>
    /// <param name="rowElements">Elements of a row: the channels of a pixel where each has a scale of its own, else those of a run.</param>
    /// <param name="elements">Most elements of a run.</param>
    /// <param name="set">Instructions that may be used.</param>
    public static SumTerm Of(string layer, Requantization scale, int leftShift, Interval codes, int rowElements, int elements, InstructionSet set)
    {
        long greatest = (codes + new Interval(scale.Bias[0], scale.Bias[0])).Magnitude << leftShift;
        return greatest <= int.MaxValue
            ? new SumTerm<int>(layer, scale, leftShift, greatest, rowElements, elements, set)
            : new SumTerm<long>(layer, scale, leftShift, greatest, rowElements, elements, set);
    }

    public abstract Runner ForThread();

    /// <summary>One thread's run.</summary>
    public abstract class Runner
    {
        /// <summary>The terms of some codes.</summary>
        public abstract int* Run(int* codes, int count);
    }
}

/// <inheritdoc cref="SumTerm"/>
internal sealed unsafe class SumTerm<T> : SumTerm
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly long bias;
    private readonly int leftShift;
    private readonly int rowElements;
    private readonly int elements;
    private readonly Requantizing<T> requantizing;
    private readonly delegate*<int*, T*, int, long, int, void> scaled;

    public SumTerm(string layer, Requantization scale, int leftShift, long greatest, int rowElements, int elements, InstructionSet set)
    {
        this.leftShift = leftShift;
        this.rowElements = rowElements;
        this.elements = elements;
        bias = scale.Bias[0];
        requantizing = Requantizing<T>.WithoutOrder(layer, scale with { Bias = [0] }, rowElements, greatest, set);
        scaled = ElementKernels.Scale<T>(set);
    }

    public override Runner ForThread() => new ThreadRunner(this);

    private sealed class ThreadRunner(SumTerm<T> owner) : Runner
    {
        private readonly PinnedBuffer<T> numbers = new(owner.elements + Slack);
        private readonly PinnedBuffer<int> terms = new(owner.elements + Slack);

        public override int* Run(int* codes, int count)
        {
            owner.scaled(codes, numbers.Pointer, count, owner.bias, owner.leftShift);
            int row = Math.Min(owner.rowElements, count);
            owner.requantizing.Run(new Pixels<T>(numbers.Pointer, row, count / row, row), terms.Pointer, row);
            return terms.Pointer;
        }
    }
}
