// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>The exact matrix product on the shape of lenet_large's second convolution, beside a loop of nothing but its multiply-add instruction.</summary>
internal static unsafe class MatrixProductBenchmark
{
    private const int Pixels = 196;
    private const int Channels = 64;
    private const int Products = 800;
    private const int Repeats = 200;

    public static void Run(Figures figures)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Line<VnniDotProduct, Vector256<int>>(figures, set, bytes: true);
            Line<PairDotProduct512, Vector512<int>>(figures, set, bytes: true);
            Line<NarrowDotProduct256, Vector256<int>>(figures, set, bytes: true);
            Line<PairDotProduct256, Vector256<int>>(figures, set, bytes: true);
            Line<ByteDotProduct1, int>(figures, set, bytes: true);
            Line<PairDotProduct512, Vector512<int>>(figures, set, bytes: false);
            Line<PairDotProduct256, Vector256<int>>(figures, set, bytes: false);
            Line<PairDotProduct1, int>(figures, set, bytes: false);
        }
    }

    /// <summary>One line, if this instruction set computes operands of this size with this step.</summary>
    private static void Line<TDot, TVector>(Figures figures, InstructionSet set, bool bytes)
        where TDot : struct, IDotProduct<TVector>
    {
        int greatest = bytes ? typeof(TDot) == typeof(NarrowDotProduct256) ? 64 : 255 : 32767;
        MatrixProduct product = MatrixProduct.For(set, bytes, greatest, greatest / 2);
        if (product.Step != typeof(TDot))
        {
            return;
        }
        double peak = Peak<TDot, TVector>(product.GroupElements);
        double rate = Rate(product, Pixels, Channels, Products);
        figures.Add(
            $"{Pixels} pixels x {Channels} channels x {Products} products, {(bytes ? 8 : 16)}-bit operands, {set} ({typeof(TDot).Name}), 32-bit sums, 1 thread",
            $"{rate / 1e9:0.0} G multiply-accumulates/s",
            $"{peak / 1e9:0.0} G/s, that instruction alone",
            rate / peak,
            Goal.Least(0.5));
    }

    /// <summary>Multiply-accumulates per second of a product; all operands in a cache.</summary>
    public static double Rate(MatrixProduct product, int pixels, int channels, int products)
    {
        int groups = products / product.GroupElements;
        ActivationRun[] runs = [new ActivationRun(0, groups)];
        PinnedBuffer<byte> activations = new((long)pixels * products * product.ElementBytes);
        PinnedBuffer<int> bases = new(pixels);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            bases.Span[pixel] = pixel * 64;
        }
        PinnedBuffer<int> weights = new((long)groups * channels);
        PinnedBuffer<int> initial = new(channels);
        PinnedBuffer<int> accumulators = new((long)pixels * channels);
        int repeats = product.BlockChannels == 2 ? Repeats / 20 : Repeats;
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < repeats; i++)
            {
                for (int channel = 0; channel < channels; channel += product.BlockChannels)
                {
                    product.Run(weights.Pointer + ((nint)channel * groups), activations.Pointer, bases.Pointer, pixels, runs, initial.Pointer + channel, accumulators.Pointer + channel, channels);
                }
            }
        });
        return (double)repeats * pixels * channels * products / seconds;
    }

    /// <summary>Twelve independent sums in registers, so that neither latency nor memory limits the rate.</summary>
    private static double Peak<TDot, TVector>(int groupElements)
        where TDot : struct, IDotProduct<TVector>
    {
        const int steps = 4_000_000;
        int* sink = stackalloc int[16];
        nint address = (nint)sink;
        (_, double seconds) = Measure.Seconds(() => Chain<TDot, TVector>(steps, (int*)address));
        return (double)steps * 12 * TDot.Count * groupElements / seconds;
    }

    /// <summary>Each sum is multiplied with itself: equal factors would let the compiler multiply once for all.</summary>
    private static void Chain<TDot, TVector>(int steps, int* sink)
        where TDot : struct, IDotProduct<TVector>
    {
        TVector w = TDot.Broadcast(steps);
        TVector a = TDot.Broadcast(sink[0]), b = TDot.Broadcast(sink[1]), c = TDot.Broadcast(sink[2]), d = TDot.Broadcast(sink[3]);
        TVector e = TDot.Broadcast(sink[4]), f = TDot.Broadcast(sink[5]), h = TDot.Broadcast(sink[6]), i = TDot.Broadcast(sink[7]);
        TVector j = TDot.Broadcast(sink[8]), k = TDot.Broadcast(sink[9]), l = TDot.Broadcast(sink[10]), m = TDot.Broadcast(sink[11]);
        for (int step = 0; step < steps; step++)
        {
            a = TDot.MultiplyAdd(a, a, w);
            b = TDot.MultiplyAdd(b, b, w);
            c = TDot.MultiplyAdd(c, c, w);
            d = TDot.MultiplyAdd(d, d, w);
            e = TDot.MultiplyAdd(e, e, w);
            f = TDot.MultiplyAdd(f, f, w);
            h = TDot.MultiplyAdd(h, h, w);
            i = TDot.MultiplyAdd(i, i, w);
            j = TDot.MultiplyAdd(j, j, w);
            k = TDot.MultiplyAdd(k, k, w);
            l = TDot.MultiplyAdd(l, l, w);
            m = TDot.MultiplyAdd(m, m, w);
        }
        TDot.Store(TDot.MultiplyAdd(TDot.MultiplyAdd(TDot.MultiplyAdd(a, b, c), TDot.MultiplyAdd(d, e, f), TDot.MultiplyAdd(h, i, j)), TDot.MultiplyAdd(k, l, m), w), sink);
    }
}
