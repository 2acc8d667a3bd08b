// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>
/// A convolution or dense layer, with the maximum pooling that follows it where nobody reads the codes between. Requantisation never falls as the accumulator rises, so then the
/// maximum is taken first, over accumulators: the code of the greatest is the greatest code.
/// </summary>
internal sealed unsafe class MatrixStep : LayerStep
{
    private readonly MatrixShape shape;
    private readonly LayerSums sums;
    private readonly AccumulatorStep accumulators;
    private readonly Requantization requantization;
    private readonly int outputElements;

    /// <param name="shape">The layer.</param>
    /// <param name="requantization">Its requantisation.</param>
    /// <param name="pool">The pooling that is fused into it; none where rounding is stochastic.</param>
    /// <param name="plan">Order and widths of its additions; null for exact sums.</param>
    /// <param name="codes">The codes that it reads.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">The plan is not one of the layer, or is missing where rounding is stochastic.</exception>
    public MatrixStep(MatrixShape shape, Requantization requantization, MaxPoolLayer? pool, AccumulationPlan? plan, CodeSet codes, InstructionSet set)
    {
        this.shape = shape;
        this.requantization = requantization;
        sums = LayerSums.Of(shape, plan, codes, default, set);
        accumulators = AccumulatorStep.Of(shape, requantization, pool, plan, sums, shape.Pixels, set);
        outputElements = pool?.Output.Elements ?? shape.Pixels * shape.Outputs;
    }

    public override CodeSet Codes => CodeSet.Of(requantization);

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    private sealed class ThreadRunner : Runner
    {
        private readonly MatrixStep owner;
        private readonly LayerSums.Runner sums;
        private readonly long imageBytes;

        public ThreadRunner(MatrixStep owner, int images)
        {
            this.owner = owner;
            sums = owner.sums.ForThread(images);
            imageBytes = (long)owner.shape.Pixels * owner.sums.Pitch * (owner.sums.Wide ? sizeof(long) : sizeof(int));
        }

        public override long ScratchBytes => (sums.ImagesAtATime * imageBytes) + owner.accumulators.RowBytes;

        public override void Run(StepImages images)
        {
            byte* row = images.Scratch + (sums.ImagesAtATime * imageBytes);
            for (int image = 0; image < images.Count; image += sums.ImagesAtATime)
            {
                int count = Math.Min(sums.ImagesAtATime, images.Count - image);
                sums.Run(new SumBatch(images.Inputs[0] + ((nint)image * owner.shape.Input.Elements), count, images.First + image), images.Scratch, Tally);
                for (int i = 0; i < count; i++)
                {
                    int* output = images.Output + ((nint)(image + i) * owner.outputElements);
                    owner.accumulators.Run(images.Scratch + (i * imageBytes), 0, row, output);
                    owner.accumulators.Finish(output);
                }
            }
        }
    }
}

/// <summary>From the accumulators of one image to its codes.</summary>
internal abstract unsafe class AccumulatorStep
{
    /// <summary>Scratch memory that <see cref="Run"/> needs.</summary>
    public abstract long RowBytes { get; }

    /// <summary>The step that fits a layer's accumulators.</summary>
    /// <param name="shape">The layer.</param>
    /// <param name="requantization">Its requantisation.</param>
    /// <param name="pool">Maximum pooling of the accumulators, or null.</param>
    /// <param name="plan">Says in which order words are rounded.</param>
    /// <param name="sums">The accumulators.</param>
    /// <param name="pixels">Pixels of the layer's whole output before pooling.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">Rounding is stochastic and there is no plan, or it is not one of the layer.</exception>
    public static AccumulatorStep Of(
        MatrixShape shape, Requantization requantization, MaxPoolLayer? pool, AccumulationPlan? plan, LayerSums sums, int pixels, InstructionSet set)
    {
        if (requantization.IsStochastic && plan is null)
        {
            throw new ArgumentException($"layer '{shape.Name}' rounds stochastically: its codes are defined only by a plan that says in which order its words are rounded");
        }
        RandomWords? random = requantization.IsStochastic ? new RandomWords(shape.Name, plan!.RequantizationOrder, pixels, shape.Outputs) : null;
        return sums.Wide
            ? new AccumulatorStep<long>(shape, requantization, pool, random, sums, set)
            : new AccumulatorStep<int>(shape, requantization, pool, random, sums, set);
    }

    /// <param name="accumulators"><c>[pixel][channel]</c>.</param>
    /// <param name="firstPixel">Index of the first pixel in the layer's whole output.</param>
    /// <param name="row">Scratch memory.</param>
    /// <param name="codes">Result, with a vector's room behind it.</param>
    public abstract void Run(void* accumulators, int firstPixel, byte* row, int* codes);

    /// <summary>Completes an image whose pixels have all been run.</summary>
    public abstract void Finish(int* codes);
}

/// <inheritdoc cref="AccumulatorStep"/>
internal sealed unsafe class AccumulatorStep<T> : AccumulatorStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>So that accumulators that were just read are still near.</summary>
    private const int PixelsAtATime = 32;

    private readonly MatrixShape shape;
    private readonly int pitch;
    private readonly int least;
    private readonly Requantizing<T> requantizing;
    private readonly MaxPoolLayer? pool;
    private readonly RandomWords? random;
    private readonly delegate*<T*, int, int, nint, nint, T*, int, void> greatest;

    public AccumulatorStep(MatrixShape shape, Requantization requantization, MaxPoolLayer? pool, RandomWords? random, LayerSums sums, InstructionSet set)
    {
        this.shape = shape;
        this.pool = pool;
        this.random = random;
        pitch = sums.Pitch;
        least = requantization.Minimum;
        requantizing = new Requantizing<T>(requantization, shape.Outputs, sums.GreatestResult, set);
        greatest = WindowKernels.For<T, WindowMaximum>(set);
    }

    public override long RowBytes => pool is null ? 0 : (long)pool.Output.Width * pitch * sizeof(T);

    public override void Run(void* accumulators, int firstPixel, byte* row, int* codes)
    {
        if (pool is not null)
        {
            PoolThenRequantize((T*)accumulators, (T*)row, codes);
            return;
        }
        for (int pixel = 0; pixel < shape.Pixels; pixel += PixelsAtATime)
        {
            int count = Math.Min(PixelsAtATime, shape.Pixels - pixel);
            Pixels<T> source = new((T*)accumulators + ((nint)pixel * pitch), pitch, count, shape.Outputs);
            requantizing.Run(source, codes + ((nint)pixel * shape.Outputs), shape.Outputs, random, firstPixel + pixel);
        }
    }

    public override void Finish(int* codes) => random?.FillMissing(codes, shape.Outputs, least);

    private void PoolThenRequantize(T* accumulators, T* row, int* codes)
    {
        WindowsOfAxis rows = new(pool!.Window.Rows, pool.Stride.Rows, pool.Padding.Top, pool.Padding.Bottom, shape.Rows);
        WindowsOfAxis columns = new(pool.Window.Columns, pool.Stride.Columns, pool.Padding.Left, pool.Padding.Right, shape.Columns);
        for (int y = 0; y < pool.Output.Height; y++)
        {
            (int top, int height) = rows.Inside(y);
            for (int x = 0; x < pool.Output.Width; x++)
            {
                (int left, int width) = columns.Inside(x);
                T* first = accumulators + ((((nint)top * shape.Columns) + left) * pitch);
                greatest(first, height, width, (nint)shape.Columns * pitch, pitch, row + ((nint)x * pitch), pitch);
            }
            requantizing.Run(new Pixels<T>(row, pitch, pool.Output.Width, shape.Outputs), codes + ((nint)y * pool.Output.Width * shape.Outputs), shape.Outputs);
        }
    }
}
