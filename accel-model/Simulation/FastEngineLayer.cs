// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>One scheduled layer, compiled: how it is summed, requantised and pooled.</summary>
internal sealed unsafe class FastEngineLayer
{
    private readonly MatrixLayer layer;
    private readonly FastEngineSums sums;
    private readonly FastEngineRequantization requantization;

    /// <param name="layer">The layer.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="input">Range of the codes that it reads.</param>
    /// <param name="set">Instructions that may be used.</param>
    public FastEngineLayer(MatrixLayer layer, AccumulationPlan plan, Interval input, InstructionSet set)
    {
        this.layer = layer;
        Interval activation = layer.Padding == Padding.None
            ? input
            : new(Math.Min(input.Low, layer.PaddingCode), Math.Max(input.High, layer.PaddingCode));
        FastEngineBounds bounds = new(layer, plan, activation);
        sums = FastEngineSums.Of(layer, plan, activation, bounds, set);
        requantization = FastEngineRequantization.Of(layer, plan.RequantizationOrder, sums, bounds.GreatestResult, set);
    }

    /// <summary>Codes of one image that it makes.</summary>
    public int OutputElements => layer.Output.Elements;

    /// <summary>Range of the codes that it makes.</summary>
    public Interval OutputRange => new(layer.Requantization.Minimum, layer.Requantization.Maximum);

    private int AccumulatorElements => checked(layer.ConvRows * layer.ConvColumns * sums.Pitch);

    /// <summary>A runner with memory for so many images at a time.</summary>
    public Runner ForThread(int images) => new(this, images);

    /// <summary>One thread's run.</summary>
    public sealed class Runner
    {
        private readonly FastEngineLayer owner;
        private readonly FastEngineSums.Runner sums;
        private readonly PinnedBuffer<long> scratch;

        public Runner(FastEngineLayer owner, int images)
        {
            this.owner = owner;
            sums = owner.sums.ForThread(images);
            scratch = new PinnedBuffer<long>((long)owner.layer.PoolWindow.Rows * owner.layer.PoolWindow.Columns * owner.sums.Pitch);
            AccumulatorBytes = (long)images * owner.AccumulatorElements * (owner.sums.Wide ? sizeof(long) : sizeof(int));
            CodeElements = ((long)images * owner.OutputElements) + owner.sums.Pitch;
        }

        /// <summary>Overflows so far.</summary>
        public FastEngineTally Tally { get; } = new();

        /// <summary>Room that <see cref="Run"/> needs for accumulators.</summary>
        public long AccumulatorBytes { get; }

        /// <summary>Room that <see cref="Run"/> needs for codes.</summary>
        public long CodeElements { get; }

        /// <summary>Input codes of some images to output codes.</summary>
        public void Run(int* input, int firstImage, int images, byte* accumulators, int* output)
        {
            sums.Run(input, firstImage, images, accumulators, Tally);
            nint imageBytes = (nint)owner.AccumulatorElements * (owner.sums.Wide ? sizeof(long) : sizeof(int));
            for (int image = 0; image < images; image++)
            {
                owner.requantization.Run(accumulators + (image * imageBytes), output + ((nint)image * owner.OutputElements), scratch.Pointer);
            }
        }
    }
}
