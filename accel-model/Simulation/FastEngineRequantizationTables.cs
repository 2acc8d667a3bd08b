// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>The memory behind <see cref="RequantizationTables"/>.</summary>
internal sealed unsafe class RequantizationTableSet
{
    private const int MaxShift = 62;
    private static readonly Int128 MaxProduct = (Int128)1 << 62;

    private readonly PinnedBuffer<long> bias;
    private readonly PinnedBuffer<long> multiplier;
    private readonly PinnedBuffer<long> shift;
    private readonly PinnedBuffer<long> addend;
    private readonly PinnedBuffer<long> tie;
    private readonly PinnedBuffer<long> thresholds;
    private readonly long addendPitch;

    private RequantizationTableSet(Requantization requantization, int channels, int pitch, uint[] randoms)
    {
        bias = new PinnedBuffer<long>(pitch);
        multiplier = new PinnedBuffer<long>(pitch);
        shift = new PinnedBuffer<long>(pitch);
        tie = new PinnedBuffer<long>(pitch);
        addend = new PinnedBuffer<long>(Math.Max(pitch, randoms.LongLength));
        thresholds = new PinnedBuffer<long>((long)pitch * requantization.ThresholdsPerChannel);
        addendPitch = randoms.Length == 0 ? 0 : pitch;
        requantization.Bias.AsSpan().CopyTo(bias.Span);
        if (requantization.Kind == RequantizationKind.Thresholds)
        {
            FillThresholds(requantization, channels, pitch);
        }
        else
        {
            FillScale(requantization, channels, pitch, randoms);
        }
        Pointers = new RequantizationTables
        {
            Bias = bias.Pointer,
            Multiplier = multiplier.Pointer,
            Shift = shift.Pointer,
            Tie = tie.Pointer,
            Thresholds = thresholds.Pointer,
            ThresholdCount = requantization.ThresholdsPerChannel,
            ThresholdPitch = pitch,
            ThresholdStep = requantization.ThresholdStep,
            ZeroPoint = requantization.ZeroPoint,
            Minimum = requantization.Minimum,
            Maximum = requantization.Maximum,
        };
    }

    /// <summary>What a kernel takes.</summary>
    public RequantizationTables Pointers { get; }

    /// <summary>
    /// The tables of a layer, or null where vectors do not serve it: two roundings in a row, or products and shifts so large that 64 bits do not hold every step.
    /// </summary>
    public static RequantizationTableSet? TryOf(Requantization requantization, int channels, int pitch, long greatestAccumulator, uint[] randoms)
    {
        if (requantization.Kind == RequantizationKind.DoubleRounding)
        {
            return null;
        }
        bool scales = requantization.Kind != RequantizationKind.Thresholds;
        for (int channel = 0; scales && channel < channels; channel++)
        {
            Int128 sum = (Int128)greatestAccumulator + Int128.Abs(requantization.Bias[channel]);
            if (sum * MultiplierOf(requantization, channel) >= MaxProduct || ShiftOf(requantization, channel) > MaxShift)
            {
                return null;
            }
        }
        return new RequantizationTableSet(requantization, channels, pitch, randoms);
    }

    /// <summary>The row of addends of one word.</summary>
    public long* AddendsOf(int slot) => addend.Pointer + (slot * addendPitch);

    private static long MultiplierOf(Requantization requantization, int channel) =>
        requantization.Kind == RequantizationKind.Shift ? 1 : requantization.Multiplier[requantization.Multiplier.Length == 1 ? 0 : channel];

    private static int ShiftOf(Requantization requantization, int channel) => requantization.Shift[requantization.Shift.Length == 1 ? 0 : channel];

    private void FillThresholds(Requantization requantization, int channels, int pitch)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<long> values = requantization.ThresholdsOf(channel);
            for (int i = 0; i < values.Length; i++)
            {
                thresholds.Span[(i * pitch) + channel] = values[i];
            }
        }
    }

    private void FillScale(Requantization requantization, int channels, int pitch, uint[] randoms)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            int bits = ShiftOf(requantization, channel);
            multiplier.Span[channel] = MultiplierOf(requantization, channel);
            shift.Span[channel] = bits;
            tie.Span[channel] = bits == 0 ? 0 : 1;
            if (randoms.Length == 0)
            {
                addend.Span[channel] = RequantizationKernels.Addend(requantization.Rounding, bits);
            }
        }
        for (int i = 0; i < randoms.Length; i++)
        {
            // The word's top bits, as many as lie below the cut (RoundStochastic).
            int bits = (int)shift.Span[i % pitch];
            addend.Span[i] = bits <= 32 ? randoms[i] >> (32 - bits) & (bits == 0 ? 0u : uint.MaxValue) : (long)randoms[i] << (bits - 32);
        }
    }
}
