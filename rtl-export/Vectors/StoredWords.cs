// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Vectors;

/// <summary>One beat of a store as the memory port shows it.</summary>
/// <param name="Layer">Position in <see cref="Schedule.Layers"/>.</param>
/// <param name="Address">Memory word.</param>
/// <param name="Strobes">Per byte, whether it is written.</param>
/// <param name="Data">The word; zero where not written.</param>
public sealed record StoredWord(int Layer, int Address, bool[] Strobes, byte[] Data);

/// <summary>The beats of all stores of one inference, in order, with the values of the model.</summary>
public static class StoredWords
{
    /// <summary>Expands the store program (docs/architecture.md, section 3) for image <paramref name="image"/>.</summary>
    /// <exception cref="ArgumentException">A store writes outside its layer's output.</exception>
    public static IEnumerable<StoredWord> Of(Schedule schedule, RtlVectors vectors, int image)
    {
        foreach (StoreInstruction store in schedule.Store)
        {
            int layer = schedule.Layers.FindIndex(store.Layer);
            FeatureMap map = schedule.Layers[layer].Output;
            ReadOnlyMemory<int> codes = vectors.LayerOutputs[layer].AsMemory(image * map.Tensor.Elements, map.Tensor.Elements);
            for (int y = 0; y < store.Rows; y++)
            {
                for (int x = 0; x < store.Columns; x++)
                {
                    int element = store.MemoryAddress + (y * store.RowPitch) + (x * store.PixelPitch);
                    foreach (StoredWord word in Pixel(schedule, layer, codes.Slice(CodeIndex(map, element, store), store.Channels), element))
                    {
                        yield return word;
                    }
                }
            }
        }
    }

    /// <summary>Position in <see cref="Schedule.Layers"/> of network layer <paramref name="networkLayer"/>.</summary>
    internal static int FindIndex(this IReadOnlyList<ScheduledLayer> layers, int networkLayer)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i].NetworkLayer == networkLayer)
            {
                return i;
            }
        }

        throw new ArgumentException($"no scheduled layer has the network layer {networkLayer}");
    }

    private static int CodeIndex(FeatureMap map, int element, StoreInstruction store)
    {
        int offset = element - map.Origin;
        int row = offset / map.RowPitch;
        int column = offset % map.RowPitch / map.PixelPitch;
        int channel = offset % map.RowPitch % map.PixelPitch;
        if (offset < 0 || row >= map.Tensor.Height || column >= map.Tensor.Width || channel + store.Channels > map.Tensor.Channels)
        {
            throw new ArgumentException($"a store to element {element} lies outside its layer's output");
        }

        return ((row * map.Tensor.Width) + column) * map.Tensor.Channels + channel;
    }

    private static IEnumerable<StoredWord> Pixel(Schedule schedule, int layer, ReadOnlyMemory<int> codes, int element)
    {
        int perWord = schedule.Accelerator.ElementsPerWord;
        int elementBytes = schedule.Accelerator.ElementBytes;
        for (int address = element / perWord; address <= (element + codes.Length - 1) / perWord; address++)
        {
            var strobes = new bool[perWord * elementBytes];
            var data = new byte[perWord * elementBytes];
            for (int k = 0; k < perWord; k++)
            {
                int channel = (address * perWord) + k - element;
                if (channel < 0 || channel >= codes.Length)
                {
                    continue;
                }

                for (int b = 0; b < elementBytes; b++)
                {
                    strobes[(k * elementBytes) + b] = true;
                    data[(k * elementBytes) + b] = (byte)(codes.Span[channel] >> (8 * b));
                }
            }

            yield return new(layer, address, strobes, data);
        }
    }
}
