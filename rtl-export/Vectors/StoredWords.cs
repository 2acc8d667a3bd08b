// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Vectors;

/// <summary>One beat of a store as the memory port shows it.</summary>
/// <param name="Layer">Position in <see cref="Schedule.Layers"/>.</param>
/// <param name="Address">Memory word.</param>
/// <param name="Strobes">Per byte, whether it is written.</param>
/// <param name="Data">The word; zero where not written.</param>
public sealed record StoredWord(int Layer, int Address, bool[] Strobes, byte[] Data);

/// <summary>The beats of all stores of one inference that leave the chip, in order, with the values of the model.</summary>
public sealed class StoredWords
{
    private readonly Schedule _schedule;
    private readonly RtlVectors _vectors;
    private readonly Dictionary<int, int>[] _codes;

    /// <summary>The stores of <paramref name="schedule"/>.</summary>
    public StoredWords(Schedule schedule, RtlVectors vectors)
    {
        _schedule = schedule;
        _vectors = vectors;
        _codes = [.. schedule.Layers.Select(layer => CodesByElement(layer.Output))];
    }

    /// <summary>Expands the store program (docs/architecture.md, section 3) for image <paramref name="image"/> in a frame of a run. Forwarded words never leave the chip.</summary>
    /// <exception cref="ArgumentException">A store writes outside its layer's output.</exception>
    public IEnumerable<StoredWord> Of(int image, int frame = 0)
    {
        int stride = frame == 0 ? 0 : frame * _schedule.FrameStrideWords;
        foreach (StoreInstruction store in _schedule.Store.Where(store => store.Target == StoreTarget.Memory))
        {
            int layer = _schedule.Layers.FindIndex(store.Layer);
            for (int y = 0; y < store.Rows; y++)
            {
                for (int x = 0; x < store.Columns; x++)
                {
                    int element = store.MemoryAddress + (y * store.RowPitch) + (x * store.PixelPitch);
                    foreach (StoredWord word in Pixel(layer, image, element, store))
                    {
                        yield return store.PerFrame ? word with { Address = word.Address + stride } : word;
                    }
                }
            }
        }
    }

    /// <summary>Flat index of the code (row, column, channel) that lies at an element address.</summary>
    private static Dictionary<int, int> CodesByElement(FeatureMap map)
    {
        var codes = new Dictionary<int, int>(map.Tensor.Elements);
        for (int y = 0; y < map.Tensor.Height; y++)
        {
            for (int x = 0; x < map.Tensor.Width; x++)
            {
                for (int c = 0; c < map.Tensor.Channels; c++)
                {
                    codes[map.Element(y, x, c)] = codes.Count;
                }
            }
        }

        return codes;
    }

    private IEnumerable<StoredWord> Pixel(int layer, int image, int element, StoreInstruction store)
    {
        int perWord = _schedule.Accelerator.ElementsPerWord;
        for (int channel = 0; channel < store.Channels;)
        {
            int first = element + (channel * store.ChannelPitch);
            int count = store.ChannelPitch == 1 ? Math.Min(perWord - (first % perWord), store.Channels - channel) : 1;
            yield return Beat(layer, image, first, count);
            channel += count;
        }
    }

    private StoredWord Beat(int layer, int image, int first, int count)
    {
        int perWord = _schedule.Accelerator.ElementsPerWord;
        int elementBytes = _schedule.Accelerator.ElementBytes;
        var strobes = new bool[perWord * elementBytes];
        var data = new byte[perWord * elementBytes];
        for (int element = first; element < first + count; element++)
        {
            if (!_codes[layer].TryGetValue(element, out int index))
            {
                throw new ArgumentException($"a store to element {element} lies outside its layer's output");
            }

            int code = _vectors.LayerOutputs[layer][(image * _codes[layer].Count) + index];
            for (int b = 0; b < elementBytes; b++)
            {
                strobes[(element % perWord * elementBytes) + b] = true;
                data[(element % perWord * elementBytes) + b] = (byte)(code >> (8 * b));
            }
        }

        return new(layer, first / perWord, strobes, data);
    }
}

/// <summary>Where instructions belong.</summary>
internal static class ScheduledLayers
{
    /// <summary>Position in <see cref="Schedule.Layers"/> of network layer <paramref name="networkLayer"/>.</summary>
    public static int FindIndex(this IReadOnlyList<ScheduledLayer> layers, int networkLayer)
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
}
