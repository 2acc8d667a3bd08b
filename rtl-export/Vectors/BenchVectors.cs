// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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

    /// <summary>File name and text of every file; <paramref name="prefix"/> is what the names begin with, and a run has <paramref name="frames"/> of the images.</summary>
    public static IEnumerable<(string Name, string Text)> Write(RtlParameters parameters, BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors, string prefix = "", int frames = 1)
    {
        int wordBytes = schedule.Accelerator.Memory.BytesPerCycle;
        IReadOnlyList<IReadOnlyList<Instruction>> programs = Programs(schedule);
        for (int unit = 0; unit < programs.Count; unit++)
        {
            var words = programs[unit].Select(parameters.Instructions.Encode).ToList();
            yield return ($"{prefix}program_{UnitNames[unit]}.memh", MemhFile.Write(stamp, 32 * parameters.Instructions.Formats[unit].Words, words));
        }

        yield return (prefix + "store_order.memh", MemhFile.Write(stamp, 64, [.. StoreOrder(schedule, vectors)]));
        yield return (prefix + "memory.memh", MemhFile.Write(stamp, 8 * wordBytes, [.. schedule.Memory.Bytes.Chunk(wordBytes).Select(bytes => new WordBuilder(8 * wordBytes).Add(bytes).ToParts())]));
        foreach ((string Name, string Text) file in Run(prefix, stamp, schedule, timing, vectors, vectors.Images / frames, frames))
        {
            yield return file;
        }
    }

    /// <summary>File name and text of the files of one run of several frames, the first of the images over and over where there are fewer.</summary>
    public static IEnumerable<(string Name, string Text)> WriteFrames(BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors, int frames) =>
        Run("frames_", stamp, schedule, timing, vectors, 1, frames);

    /// <summary>What the bench feeds and expects in <paramref name="runs"/> runs of <paramref name="frames"/> frames.</summary>
    private static IEnumerable<(string Name, string Text)> Run(string prefix, BundleStamp stamp, Schedule schedule, TimingResult timing, RtlVectors vectors, int runs, int frames)
    {
        int wordBytes = schedule.Accelerator.Memory.BytesPerCycle;
        int[] events = new int[UnitNames.Count];
        for (int unit = 0; unit < UnitNames.Count; unit++)
        {
            TimelineEvent[] timeline = [.. timing.Timeline.Where(e => (int)e.Unit == unit)];
            events[unit] = timeline.Length;
            yield return ($"{prefix}timeline_{UnitNames[unit]}.memh", MemhFile.Write(stamp, 160, [.. timeline.Select(e => Event(schedule, e))]));
        }

        int[] images = [.. Enumerable.Range(0, runs * frames).Select(image => image % vectors.Images)];
        yield return ($"{prefix}input.memh", MemhFile.Write(stamp, 8 * wordBytes, [.. images.SelectMany(image => InputWords(schedule, vectors, image))]));

        var layers = schedule.Layers.Select(_ => new List<uint[]>()).ToList();
        var stored = new StoredWords(schedule, vectors);
        for (int i = 0; i < images.Length; i++)
        {
            foreach (StoredWord word in stored.Of(images[i], i % frames))
            {
                layers[word.Layer].Add(Beat(word));
            }
        }

        for (int layer = 0; layer < layers.Count; layer++)
        {
            yield return ($"{prefix}layer_{layer:000}.memh", MemhFile.Write(stamp, 32 + (9 * wordBytes), layers[layer]));
        }

        FeatureMap input = schedule.Input;
        ImmutableArray<int> initial = schedule.InitialSemaphores.IsEmpty ? [.. new int[SemaphoreSet.Count]] : schedule.InitialSemaphores;
        List<long> descriptor =
        [
            runs, layers.Count, schedule.Memory.Words, input.RegionAddress, input.RegionWords, timing.Cycles,
            .. Programs(schedule).Select(program => program.Count), .. events,
            frames, frames == 1 ? 0 : schedule.FrameStride, schedule.LoadPrologue, .. initial,
            .. layers.Select(layer => layer.Count / runs),
        ];
        yield return ($"{prefix}bench.memh", MemhFile.Write(stamp, 32, [.. descriptor.Select(value => new[] { checked((uint)value) })]));
    }

    /// <summary>Fetch, start, end and completion cycle, and the layer's position, 32 bits each.</summary>
    private static uint[] Event(Schedule schedule, TimelineEvent e) =>
        [checked((uint)e.Fetch), checked((uint)e.Start), checked((uint)e.End), checked((uint)e.Completion), (uint)schedule.Layers.FindIndex(e.Layer)];

    /// <summary>Which layers the words of an inference belong to, in the order in which they are stored: the layer's position and a number of words, 32 bits each.</summary>
    private static IEnumerable<uint[]> StoreOrder(Schedule schedule, RtlVectors vectors)
    {
        (int Layer, uint Words) run = (0, 0);
        foreach (int layer in new StoredWords(schedule, vectors).Of(0).Select(word => word.Layer))
        {
            if (layer != run.Layer && run.Words > 0)
            {
                yield return [(uint)run.Layer, run.Words];
                run = (layer, 0);
            }

            run = (layer, run.Words + 1);
        }

        yield return [(uint)run.Layer, run.Words];
    }

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
