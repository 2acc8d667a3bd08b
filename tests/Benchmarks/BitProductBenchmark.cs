// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>The product of one-bit operands beside that of eight-bit ones, both on the shape of lenet_large's second convolution.</summary>
internal static unsafe class BitProductBenchmark
{
    private const int Pixels = 196;
    private const int Channels = 64;
    private const int Products = 800;
    private const int Repeats = 400;

    public static void Run(Figures figures)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            double bits = Rate(set);
            double bytes = MatrixProductBenchmark.Rate(MatrixProduct.For(set, bytes: true, byte.MaxValue, 128), Pixels, Channels, Products);
            figures.Add(
                $"{Pixels} pixels x {Channels} channels x {Products} products, {set}, 32-bit sums, 1 thread", $"{bits / 1e9:0.0} G xnor-popcount products/s", $"{bytes / 1e9:0.0} G/s, 8-bit operands", bits / bytes, Goal.Least(3));
        }
    }

    private static double Rate(InstructionSet set)
    {
        const int steps = Products / 4;
        int block = BitProductKernels.Channels(set);
        var kernel = BitProductKernels.For(set);
        List<ActivationRun> runs = [];
        for (int first = 0; first < steps; first += BitProductKernels.StepsOfChunk)
        {
            runs.Add(new ActivationRun(first, Math.Min(BitProductKernels.StepsOfChunk, steps - first)));
        }
        int[] chunks = [.. Enumerable.Repeat(1, runs.Count)];
        ActivationRun[] allRuns = [.. runs];
        PinnedBuffer<byte> tables = BitProductKernels.Tables();
        PinnedBuffer<byte> weights = new((long)steps * Channels);
        PinnedBuffer<byte> activations = new(Pixels + steps);
        PinnedBuffer<int> bases = new(Pixels);
        PinnedBuffer<int> accumulators = new((long)Pixels * Channels);
        Random random = new(1);
        foreach (ref byte weight in weights.Span)
        {
            weight = (byte)random.Next(16);
        }
        foreach (ref byte activation in activations.Span)
        {
            activation = (byte)(random.Next(16) << 4);
        }
        for (int pixel = 0; pixel < Pixels; pixel++)
        {
            bases.Span[pixel] = pixel;
        }
        int repeats = set == InstructionSet.Scalar ? Repeats / 20 : Repeats;
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < repeats; i++)
            {
                kernel(new BitProduct
                {
                    Weights = weights.Pointer,
                    Blocks = Channels / block,
                    BlockBytes = (nint)steps * block,
                    Activations = activations.Pointer,
                    Bases = bases.Pointer,
                    Pixels = Pixels,
                    Runs = allRuns,
                    Chunks = chunks,
                    Factor = 2,
                    Tables = tables.Pointer,
                    Accumulators = accumulators.Pointer,
                    Pitch = Channels,
                });
            }
        });
        return (double)repeats * Pixels * Channels * Products / seconds;
    }
}
