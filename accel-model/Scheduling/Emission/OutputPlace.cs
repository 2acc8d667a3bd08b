// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling.Tiles;

namespace AccelModel.Scheduling.Emission;

/// <summary>Where a step's output goes: to external memory, into the activation buffer of the next step, or both.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Memory">Its place in external memory; null where it only goes on chip.</param>
/// <param name="Forward">The window in which the next step expects it; null where it only goes to memory.</param>
internal sealed record OutputPlace(string Name, FeatureMap? Memory, ForwardWindow? Forward)
{
    private bool _begun;

    /// <summary>Stores output words of some channels.</summary>
    public void Store(ScheduleBuilder builder, int layer, (int Row, int Column, int Rows, int Columns) region, int firstChannel, int channels, int outputAddress)
    {
        if (Forward is { } forward)
        {
            ForwardWords(builder, forward, layer, region, firstChannel, channels, outputAddress);
        }

        if (Memory is { } map)
        {
            builder.StoreWords(layer, Name, map, region, firstChannel, channels, outputAddress);
        }
    }

    /// <summary>The buffer's next use begins with the padding of the window; the last store ends it.</summary>
    private void ForwardWords(
        ScheduleBuilder builder, ForwardWindow forward, int layer, (int Row, int Column, int Rows, int Columns) region, int firstChannel, int channels, int outputAddress)
    {
        if (!_begun)
        {
            Begin(builder, forward, layer);
        }

        int slot = _begun ? builder.Activations.Base : builder.Activations.NextBase;
        int store = builder.Store.Add(new()
        {
            Layer = layer,
            Waits = default,
            Signals = default,
            Target = StoreTarget.Activation,
            OutputAddress = outputAddress,
            Rows = region.Rows,
            Columns = region.Columns,
            Channels = channels,
            MemoryAddress = forward.Address(region.Row, region.Column, slot) + firstChannel,
            RowPitch = forward.RowPitch,
            PixelPitch = forward.PixelPitch,
        });
        if (!_begun)
        {
            builder.Activations.Begin(forward, builder.ForwardActivation, store);
            _begun = true;
        }

        builder.Activations.FilledBy(store);
        builder.Outputs.ReadBy(store);
    }

    private void Begin(ScheduleBuilder builder, ForwardWindow forward, int layer)
    {
        int at = builder.Activations.NextBase, first = -1;
        foreach ((int address, int count, int pitch, int run) in forward.Padding(at))
        {
            int fill = builder.Store.Add(new()
            {
                Layer = layer, Waits = default, Signals = default, Target = StoreTarget.Activation, OutputAddress = 0, Rows = count, Columns = 1, Channels = run,
                MemoryAddress = address, RowPitch = pitch, PixelPitch = 0, Fill = true, FillCode = forward.PaddingCode,
            });
            first = first < 0 ? fill : first;
        }

        if (first >= 0)
        {
            builder.Activations.Begin(forward, builder.ForwardActivation, first);
            _begun = true;
        }
    }
}

/// <summary>The window of the activation buffer in which the next step expects a forwarded tensor.</summary>
/// <param name="Window">The window, padding included.</param>
/// <param name="Height">Rows of the tensor.</param>
/// <param name="Width">Columns of the tensor.</param>
/// <param name="PaddingCode">What its padding holds.</param>
internal sealed record ForwardWindow(InputWindow Window, int Height, int Width, int PaddingCode)
{
    /// <summary>Whether the next step reads the tensor as one pixel.</summary>
    public required bool IsFlat { get; init; }

    /// <summary>Channels of a pixel of the tensor.</summary>
    public required int Channels { get; init; }

    /// <summary>Elements from row to row of the tensor in the buffer.</summary>
    public int RowPitch => IsFlat ? Width * Channels : Window.RowPitch;

    /// <summary>Elements from pixel to pixel of the tensor in the buffer.</summary>
    public int PixelPitch => Channels;

    /// <summary>Element address of a pixel in a slot that starts at <paramref name="slot"/>.</summary>
    public int Address(int row, int column, int slot) =>
        slot + (row - (IsFlat ? 0 : Window.FirstRow)) * RowPitch + (column - (IsFlat ? 0 : Window.FirstColumn)) * PixelPitch;

    /// <summary>Runs of padding: address, rows, pitch, elements.</summary>
    public IEnumerable<(int Address, int Count, int Pitch, int Run)> Padding(int slot) =>
        IsFlat ? [] : Window.PaddingRuns(Height, Width, slot);
}
