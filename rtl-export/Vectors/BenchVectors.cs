// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>The files under <c>vectors/</c> that the accelerator's bench reads.</summary>
public static class BenchVectors
{
    /// <summary>Units as file names spell them, in the order of <see cref="UnitKind"/>.</summary>
    public static readonly IReadOnlyList<string> UnitNames = ["load", "array", "vector", "store"];

    /// <summary>The four programs, in the order of <see cref="UnitKind"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<Instruction>> Programs(Schedule schedule) => [schedule.Load, schedule.Array, schedule.Vector, schedule.Store];

    /// <summary>File name and text of every file.</summary>
    public static IEnumerable<(string Name, string Text)> Write(RtlParameters parameters, BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors)
    {
        int wordBytes = schedule.Accelerator.Memory.BytesPerCycle;
        IReadOnlyList<IReadOnlyList<Instruction>> programs = Programs(schedule);
        for (int unit = 0; unit < programs.Count; unit++)
        {
            var words = programs[unit].Select(parameters.Instructions.Encode).ToList();
            yield return ($"program_{UnitNames[unit]}.memh", MemhFile.Write(stamp, 32 * parameters.Instructions.Formats[unit].Words, words));
            yield return ($"timeline_{UnitNames[unit]}.memh", MemhFile.Write(stamp, 160, [.. timing.Timeline.Where(e => (int)e.Unit == unit).Select(e => Event(schedule, e))]));
        }

        yield return ("memory.memh", MemhFile.Write(stamp, 8 * wordBytes, [.. schedule.Memory.Bytes.Chunk(wordBytes).Select(bytes => new WordBuilder(8 * wordBytes).Add(bytes).ToParts())]));
        yield return ("input.memh", MemhFile.Write(stamp, 8 * wordBytes, [.. Enumerable.Range(0, vectors.Images).SelectMany(image => InputWords(schedule, vectors, image))]));

        var layers = schedule.Layers.Select(_ => new List<uint[]>()).ToList();
        var stored = new StoredWords(schedule, vectors);
        for (int image = 0; image < vectors.Images; image++)
        {
            foreach (StoredWord word in stored.Of(image))
            {
                layers[word.Layer].Add(Beat(word));
            }
        }

        for (int layer = 0; layer < layers.Count; layer++)
        {
            yield return ($"layer_{layer:000}.memh", MemhFile.Write(stamp, 32 + (9 * wordBytes), layers[layer]));
        }

        FeatureMap input = schedule.Input;
        List<long> descriptor =
        [
            vectors.Images, layers.Count, schedule.Memory.Words, input.RegionAddress, input.RegionWords, timing.Cycles,
            .. programs.Select(program => program.Count), .. layers.Select(layer => layer.Count / vectors.Images),
        ];
        yield return ("bench.memh", MemhFile.Write(stamp, 32, [.. descriptor.Select(value => new[] { checked((uint)value) })]));
    }

    /// <summary>Fetch, start, end and completion cycle, and the layer's position, 32 bits each.</summary>
    private static uint[] Event(Schedule schedule, TimelineEvent e) =>
        [checked((uint)e.Fetch), checked((uint)e.Start), checked((uint)e.End), checked((uint)e.Completion), (uint)schedule.Layers.FindIndex(e.Layer)];

    /// <summary>Data, strobes, address.</summary>
    private static uint[] Beat(StoredWord word)
    {
        WordBuilder builder = new WordBuilder((9 * word.Data.Length) + 32).Add(word.Data);
        foreach (bool strobe in word.Strobes)
        {
            builder.Add(strobe ? 1 : 0, 1);
        }

        return builder.Add(word.Address, 32).ToParts();
    }

    /// <summary>The input's region of external memory with the image in it.</summary>
    private static IEnumerable<uint[]> InputWords(Schedule schedule, RtlVectors vectors, int image)
    {
        FeatureMap map = schedule.Input;
        int wordBytes = schedule.Accelerator.Memory.BytesPerCycle;
        int elementBytes = schedule.Accelerator.ElementBytes;
        int first = map.RegionAddress * wordBytes;
        byte[] region = schedule.Memory.Bytes.AsSpan(first, map.RegionWords * wordBytes).ToArray();
        int index = image * map.Tensor.Elements;
        for (int y = 0; y < map.Tensor.Height; y++)
        {
            for (int x = 0; x < map.Tensor.Width; x++)
            {
                for (int c = 0; c < map.Tensor.Channels; c++)
                {
                    int at = (map.Element(y, x, c) * elementBytes) - first;
                    int code = vectors.Input[index++];
                    for (int b = 0; b < elementBytes; b++)
                    {
                        region[at + b] = (byte)(code >> (8 * b));
                    }
                }
            }
        }

        return region.Chunk(wordBytes).Select(bytes => new WordBuilder(8 * wordBytes).Add(bytes).ToParts());
    }
}
