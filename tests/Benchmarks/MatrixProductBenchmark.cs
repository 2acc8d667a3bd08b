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

    public static void Run()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Line<VnniDotProduct, Vector256<int>>(set, bytes: true);
            Line<PairDotProduct512, Vector512<int>>(set, bytes: true);
            Line<NarrowDotProduct256, Vector256<int>>(set, bytes: true);
            Line<PairDotProduct256, Vector256<int>>(set, bytes: true);
            Line<ByteDotProduct1, int>(set, bytes: true);
            Line<PairDotProduct512, Vector512<int>>(set, bytes: false);
            Line<PairDotProduct256, Vector256<int>>(set, bytes: false);
            Line<PairDotProduct1, int>(set, bytes: false);
        }
    }

    /// <summary>One line, if this instruction set computes operands of this size with this step.</summary>
    private static void Line<TDot, TVector>(InstructionSet set, bool bytes)
        where TDot : struct, IDotProduct<TVector>
    {
        int greatest = bytes ? typeof(TDot) == typeof(NarrowDotProduct256) ? 64 : 255 : 32767;
        MatrixProduct product = MatrixProduct.For(set, bytes, greatest, greatest / 2);
        if (product.Step != typeof(TDot))
        {
            return;
        }
        double peak = Peak<TDot, TVector>(product.GroupElements);
        double rate = Rate(product);
        Measure.Print($"gemm {set,-7} {(bytes ? "8" : "16"),2}-bit operands, {typeof(TDot).Name,-19}: {rate / 1e9,6:0.0} G multiply-accumulates/s a core = {rate / peak:0.00} of the peak {peak / 1e9:0.0} G/s");
    }

    private static double Rate(MatrixProduct product)
    {
        int groups = Products / product.GroupElements;
        ActivationRun[] runs = [new ActivationRun(0, groups)];
        PinnedBuffer<byte> activations = new((long)Pixels * Products * product.ElementBytes);
        PinnedBuffer<int> bases = new(Pixels);
        for (int pixel = 0; pixel < Pixels; pixel++)
        {
            bases.Span[pixel] = pixel * 64;
        }
        PinnedBuffer<int> weights = new((long)groups * Channels);
        PinnedBuffer<int> initial = new(Channels);
        PinnedBuffer<int> accumulators = new((long)Pixels * Channels);
        int repeats = product.BlockChannels == 2 ? Repeats / 20 : Repeats;
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < repeats; i++)
            {
                for (int channel = 0; channel < Channels; channel += product.BlockChannels)
                {
                    product.Run(weights.Pointer + ((nint)channel * groups), activations.Pointer, bases.Pointer, Pixels, runs, initial.Pointer + channel, accumulators.Pointer + channel, Channels);
                }
            }
        });
        return (double)repeats * Pixels * Channels * Products / seconds;
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

    private static void Chain<TDot, TVector>(int steps, int* sink)
        where TDot : struct, IDotProduct<TVector>
    {
        TVector w = TDot.Broadcast(steps);
        TVector g = TDot.Broadcast(sink[0]);
        TVector a = g, b = g, c = g, d = g, e = g, f = g, h = g, i = g, j = g, k = g, l = g, m = g;
        for (int step = 0; step < steps; step++)
        {
            a = TDot.MultiplyAdd(a, g, w);
            b = TDot.MultiplyAdd(b, g, w);
            c = TDot.MultiplyAdd(c, g, w);
            d = TDot.MultiplyAdd(d, g, w);
            e = TDot.MultiplyAdd(e, g, w);
            f = TDot.MultiplyAdd(f, g, w);
            h = TDot.MultiplyAdd(h, g, w);
            i = TDot.MultiplyAdd(i, g, w);
            j = TDot.MultiplyAdd(j, g, w);
            k = TDot.MultiplyAdd(k, g, w);
            l = TDot.MultiplyAdd(l, g, w);
            m = TDot.MultiplyAdd(m, g, w);
        }
        TDot.Store(TDot.MultiplyAdd(TDot.MultiplyAdd(TDot.MultiplyAdd(a, b, c), TDot.MultiplyAdd(d, e, f), TDot.MultiplyAdd(h, i, j)), TDot.MultiplyAdd(k, l, m), w), sink);
    }
}
