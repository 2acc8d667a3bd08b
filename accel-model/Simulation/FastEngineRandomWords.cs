// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>
/// The random word of every requantised word of a layer. Registers restart with each inference, so they are the same for every image: a table,
/// <c>[pooled pixel][window word][channel]</c>.
/// </summary>
internal static class FastEngineRandomWords
{
    /// <exception cref="ArgumentException">The order does not hold every word of every window.</exception>
    public static uint[] Of(MatrixLayer layer, RequantizationOrder order, int pitch)
    {
        Queue<int>[] slots = SlotsOfPixels(layer);
        int tiles = (layer.OutputChannels + order.Lanes - 1) / order.Lanes;
        Queue<int>[] waiting = [.. Enumerable.Range(0, tiles).SelectMany(_ => slots.Select(pixel => new Queue<int>(pixel)))];
        uint[] registers = [.. Enumerable.Range(0, order.Lanes).Select(Lfsr.LaneSeed)];
        for (int word = 0; word < order.WordsBefore; word++)
        {
            Advance(registers);
        }

        int words = layer.Output.Pixels * layer.PoolWindow.Rows * layer.PoolWindow.Columns;
        uint[] table = new uint[(long)words * pitch];
        int placed = 0;
        foreach ((int pixel, int tile) in order.Words)
        {
            if (waiting[(tile * slots.Length) + pixel].TryDequeue(out int slot))
            {
                int channels = Math.Min(order.Lanes, layer.OutputChannels - (tile * order.Lanes));
                registers.AsSpan(0, channels).CopyTo(table.AsSpan((int)((long)slot * pitch) + (tile * order.Lanes)));
                placed++;
            }
            Advance(registers);
        }
        return placed == words * tiles
            ? table
            : throw new ArgumentException($"the plan of layer '{layer.Name}' rounds {placed} words, not {words * tiles}: its codes are not defined", nameof(order));
    }

    /// <summary>The window words that each un-pooled pixel is read for, in the order in which windows pass.</summary>
    private static Queue<int>[] SlotsOfPixels(MatrixLayer layer)
    {
        Queue<int>[] slots = [.. Enumerable.Range(0, layer.ConvRows * layer.ConvColumns).Select(_ => new Queue<int>())];
        int slot = 0;
        for (int y = 0; y < layer.Output.Height; y++)
        {
            for (int x = 0; x < layer.Output.Width; x++)
            {
                for (int p = 0; p < layer.PoolWindow.Rows; p++)
                {
                    for (int q = 0; q < layer.PoolWindow.Columns; q++)
                    {
                        int row = (y * layer.PoolStride.Rows) + p;
                        slots[(row * layer.ConvColumns) + (x * layer.PoolStride.Columns) + q].Enqueue(slot++);
                    }
                }
            }
        }
        return slots;
    }

    private static void Advance(uint[] registers)
    {
        for (int lane = 0; lane < registers.Length; lane++)
        {
            registers[lane] = Lfsr.Advance(registers[lane]);
        }
    }
}
