// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The memory behind <see cref="RequantizationTables"/>.</summary>
internal sealed unsafe class RequantizationTableSet
{
    private const int MaxShift = 62;
    private const int LanesOfPitch = 16;
    private static readonly Int128 MaxProduct = (Int128)1 << 62;

    private readonly Requantization requantization;
    private readonly PinnedBuffer<long>[] buffers;

    private RequantizationTableSet(Requantization requantization, int channels)
    {
        this.requantization = requantization;
        int pitch = (channels + LanesOfPitch - 1) / LanesOfPitch * LanesOfPitch;
        buffers = [.. Enumerable.Range(0, 6).Select(_ => new PinnedBuffer<long>(pitch)), new PinnedBuffer<long>((long)pitch * requantization.ThresholdsPerChannel)];
        for (int channel = 0; channel < channels; channel++)
        {
            buffers[0].Span[channel] = Of(requantization.Bias, channel);
            if (requantization.Kind == RequantizationKind.Thresholds)
            {
                FillThresholds(channel, pitch);
            }
            else
            {
                FillScale(channel);
            }
        }
        Pointers = new RequantizationTables
        {
            Bias = buffers[0].Pointer,
            Multiplier = buffers[1].Pointer,
            Shift = buffers[2].Pointer,
            Addend = buffers[3].Pointer,
            Tie = buffers[4].Pointer,
            RandomShift = buffers[5].Pointer,
            Thresholds = buffers[6].Pointer,
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

    /// <summary>The form of the kernel.</summary>
    public RequantizationForm Form => requantization.Kind switch
    {
        RequantizationKind.Thresholds => RequantizationForm.Thresholds,
        RequantizationKind.DoubleRounding => RequantizationForm.Double,
        _ => RequantizationForm.Scale,
    };

    /// <summary>The tables, or null where vectors do not serve: products and shifts so large that 64 bits do not hold every step.</summary>
    /// <param name="requantization">The parameters.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="greatest">Greatest magnitude of what is requantised.</param>
    public static RequantizationTableSet? TryOf(Requantization requantization, int channels, long greatest)
    {
        bool scales = requantization.Kind != RequantizationKind.Thresholds;
        for (int channel = 0; scales && channel < channels; channel++)
        {
            Int128 sum = (Int128)greatest + Int128.Abs(Of(requantization.Bias, channel));
            if (sum * MultiplierOf(requantization, channel) >= MaxProduct || ShiftOf(requantization, channel) > MaxShift)
            {
                return null;
            }
        }
        return new RequantizationTableSet(requantization, channels);
    }

    /// <summary>The entry of a channel in a list that has one for each channel, or one for all.</summary>
    public static T Of<T>(ImmutableArray<T> list, int channel) => list.Length == 1 ? list[0] : list[channel];

    /// <summary>The factor of the sum; a left shift of TFLite's form is part of it.</summary>
    private static long MultiplierOf(Requantization requantization, int channel) => requantization.Kind switch
    {
        RequantizationKind.Shift => 1,
        RequantizationKind.DoubleRounding => Of(requantization.Multiplier, channel) << Math.Max(0, Of(requantization.Shift, channel)),
        _ => Of(requantization.Multiplier, channel),
    };

    private static int ShiftOf(Requantization requantization, int channel)
    {
        int shift = Of(requantization.Shift, channel);
        return requantization.Kind == RequantizationKind.DoubleRounding ? Math.Max(0, -shift) : shift;
    }

    private void FillThresholds(int channel, int pitch)
    {
        ReadOnlySpan<long> values = requantization.ThresholdsOf(channel);
        for (int i = 0; i < values.Length; i++)
        {
            buffers[6].Span[(i * pitch) + channel] = values[i];
        }
    }

    private void FillScale(int channel)
    {
        int shift = ShiftOf(requantization, channel);
        buffers[1].Span[channel] = MultiplierOf(requantization, channel);
        buffers[2].Span[channel] = shift;
        buffers[3].Span[channel] = RequantizationKernels.Addend(Form == RequantizationForm.Double ? RoundingMode.HalfAway : requantization.Rounding, shift);
        buffers[4].Span[channel] = shift == 0 ? 0 : 1;
        buffers[5].Span[channel] = 63 - shift;
    }
}
