// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>
/// The random word of every requantised word of a layer. Registers restart with each inference, so they are the same for every image: a table, <c>[pixel][channel]</c>.
/// </summary>
internal sealed unsafe class RandomWords
{
    private const int LanesOfPitch = 16;

    private readonly PinnedBuffer<uint> words;
    private readonly List<(int Pixel, int FirstChannel, int Channels)> missing = [];

    /// <param name="name">Name of the layer.</param>
    /// <param name="order">Order of its words.</param>
    /// <param name="pixels">Its output pixels.</param>
    /// <param name="channels">Its output channels.</param>
    /// <exception cref="ArgumentException">The order has a word that the layer has not, or has a word twice.</exception>
    public RandomWords(string name, RequantizationOrder order, int pixels, int channels)
    {
        Pitch = (channels + LanesOfPitch - 1) / LanesOfPitch * LanesOfPitch;
        words = new PinnedBuffer<uint>((long)pixels * Pitch);
        uint[] registers = [.. Enumerable.Range(0, order.Lanes).Select(Lfsr.LaneSeed)];
        for (int word = 0; word < order.WordsBefore; word++)
        {
            Advance(registers);
        }
        int tiles = (channels + order.Lanes - 1) / order.Lanes;
        bool[] rounded = new bool[pixels * tiles];
        foreach ((int pixel, int tile) in order.Words)
        {
            if (pixel < 0 || pixel >= pixels || tile < 0 || tile >= tiles || rounded[(pixel * tiles) + tile])
            {
                throw new ArgumentException($"the plan of layer '{name}' rounds word ({pixel}, {tile}), which is none of {pixels} pixels and {tiles} channel tiles, or rounds it twice", nameof(order));
            }
            rounded[(pixel * tiles) + tile] = true;
            registers.AsSpan(0, Math.Min(order.Lanes, channels - (tile * order.Lanes))).CopyTo(words.Span[((pixel * Pitch) + (tile * order.Lanes))..]);
            Advance(registers);
        }
        for (int i = 0; i < rounded.Length; i++)
        {
            if (!rounded[i])
            {
                int first = i % tiles * order.Lanes;
                missing.Add((i / tiles, first, Math.Min(order.Lanes, channels - first)));
            }
        }
    }

    /// <summary>Words from pixel to pixel.</summary>
    public int Pitch { get; }

    /// <summary>Words of a pixel.</summary>
    public uint* Of(int pixel) => words.Pointer + ((nint)pixel * Pitch);

    /// <summary>Gives the words that are never rounded, those that no pooling window reads, the least code.</summary>
    public void FillMissing(int* codes, int channels, int least)
    {
        foreach ((int pixel, int first, int count) in missing)
        {
            new Span<int>(codes + ((nint)pixel * channels) + first, count).Fill(least);
        }
    }

    private static void Advance(uint[] registers)
    {
        for (int lane = 0; lane < registers.Length; lane++)
        {
            registers[lane] = Lfsr.Advance(registers[lane]);
        }
    }
}
