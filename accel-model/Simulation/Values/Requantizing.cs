// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>From accumulators, or codes in their place, to codes: by vectors where 64 bits hold every step, else one by one.</summary>
/// <typeparam name="T">What is requantised.</typeparam>
internal sealed unsafe class Requantizing<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly Requantization requantization;
    private readonly RequantizationTableSet? tables;
    private readonly delegate*<Pixels<T>, Pixels<int>, RequantizationTables*, uint*, nint, void> kernel;

    /// <param name="requantization">The parameters.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="greatest">Greatest magnitude of what is requantised.</param>
    /// <param name="set">Instructions that may be used.</param>
    public Requantizing(Requantization requantization, int channels, long greatest, InstructionSet set)
    {
        this.requantization = requantization;
        tables = RequantizationTableSet.TryOf(requantization, channels, greatest);
        kernel = RequantizationKernels.For<T>(set, tables?.Form ?? RequantizationForm.Scale, requantization.Rounding);
    }

    /// <summary>Requantises where no plan says in which order words are rounded.</summary>
    /// <exception cref="ArgumentException">Rounding is stochastic.</exception>
    public static Requantizing<T> WithoutOrder(string layer, Requantization requantization, int channels, long greatest, InstructionSet set) =>
        requantization.IsStochastic
            ? throw new ArgumentException($"layer '{layer}' rounds stochastically, but no plan says in which order its words are rounded: its codes are not defined")
            : new Requantizing<T>(requantization, channels, greatest, set);

    /// <param name="source">What is requantised.</param>
    /// <param name="codes">Result, with a vector's room behind it.</param>
    /// <param name="pitch">Codes from pixel to pixel.</param>
    /// <param name="random">Random words of the pixels, from the given pixel on, where rounding is stochastic.</param>
    /// <param name="pixel">The pixel.</param>
    public void Run(Pixels<T> source, int* codes, nint pitch, RandomWords? random = null, int pixel = 0)
    {
        if (tables is not null)
        {
            RequantizationTables pointers = tables.Pointers;
            kernel(source, new Pixels<int>(codes, pitch, source.Count, source.Channels), &pointers, random is null ? null : random.Of(pixel), random?.Pitch ?? 0);
            return;
        }
        for (int i = 0; i < source.Count; i++)
        {
            for (int channel = 0; channel < source.Channels; channel++)
            {
                uint word = random is null ? 0 : random.Of(pixel + i)[channel];
                long value = long.CreateTruncating(source.First[(i * source.Pitch) + channel]);
                codes[(i * pitch) + channel] = requantization.Apply(value, channel, word);
            }
        }
    }
}
