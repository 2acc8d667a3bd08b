// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Explain;

/// <summary>A single change of a design that may make it faster.</summary>
/// <param name="Words">What it is.</param>
/// <param name="Set">The keys of the accelerator file that it sets, each with its new value; what a design needs beside the first for its rules to hold is there, too.</param>
/// <param name="Changed">The design after it.</param>
internal sealed record DesignChange(string Words, IReadOnlyDictionary<string, object> Set, AcceleratorSpec Changed)
{
    /// <summary>Words and keys as one text.</summary>
    public string Description => $"{Words} ({string.Join(", ", Set.Select(pair => $"{pair.Key}: {ValueText(pair.Value)}"))})";

    /// <summary>The changes to try on a design; some of them may break its rules.</summary>
    public static IEnumerable<DesignChange> Of(AcceleratorSpec spec)
    {
        MemorySpec memory = spec.Memory;
        yield return One("twice the bandwidth", "memory.bytes_per_cycle", 2 * memory.BytesPerCycle, value => spec with { Memory = memory with { BytesPerCycle = value } });
        if (memory.LatencyCycles > 1)
        {
            yield return One("half the latency", "memory.latency_cycles", memory.LatencyCycles / 2, value => spec with { Memory = memory with { LatencyCycles = value } });
        }

        yield return One("longer bursts", "memory.burst_beats", 4 * memory.BurstBeats, value => spec with { Memory = memory with { BurstBeats = value } });
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().Where(dataflow => dataflow != spec.Array.Dataflow))
        {
            yield return OtherDataflow(spec, dataflow);
        }

        if (!spec.Array.WeightDoubleBuffering)
        {
            yield return One(
                "weights entering while others are used", "array.weight_double_buffering", true, value => spec with { Array = spec.Array with { WeightDoubleBuffering = value } });
        }

        yield return One("twice the rows", "array.rows", 2 * spec.Array.Rows, value => spec with { Array = spec.Array with { Rows = value } });
        yield return One("twice the columns", "array.columns", 2 * spec.Array.Columns, value => spec with { Array = spec.Array with { Columns = value } });
        BuffersSpec buffers = spec.Buffers;
        yield return Deeper(spec, "activation", buffers.Activation, buffer => buffers with { Activation = buffer });
        yield return DeeperWeights(spec);
        yield return Deeper(spec, "accumulator", buffers.Accumulator, buffer => buffers with { Accumulator = buffer });
        yield return Deeper(spec, "output", buffers.Output, buffer => buffers with { Output = buffer });
        if (buffers.Operand.Size > 0)
        {
            yield return Deeper(spec, "operand", buffers.Operand, buffer => buffers with { Operand = buffer });
        }
    }

    private static DesignChange One<T>(string words, string key, T value, Func<T, AcceleratorSpec> with)
        where T : notnull => new(words, new Dictionary<string, object> { [key] = value }, with(value));

    private static DesignChange OtherDataflow(AcceleratorSpec spec, Dataflow dataflow)
    {
        var set = new Dictionary<string, object> { ["array.dataflow"] = EnumNames.Of(dataflow) };
        bool columnFilter = spec.Array.ColumnFilter && dataflow == Dataflow.WeightStationary;
        if (columnFilter != spec.Array.ColumnFilter)
        {
            set["array.column_filter"] = columnFilter;
        }

        return new("another dataflow", set, spec with { Array = spec.Array with { Dataflow = dataflow, ColumnFilter = columnFilter } });
    }

    /// <summary>A slot of twice the size: of a buffer of one slot, a second one.</summary>
    private static DesignChange Deeper(AcceleratorSpec spec, string name, BufferSpec buffer, Func<BufferSpec, BuffersSpec> with)
    {
        var set = new Dictionary<string, object> { [$"buffers.{name}.size"] = 2 * buffer.Size };
        if (!buffer.DoubleBuffered)
        {
            set[$"buffers.{name}.double_buffered"] = true;
        }

        string words = buffer.DoubleBuffered ? "a deeper buffer" : "a second slot";
        return new(words, set, spec with { Buffers = with(buffer with { Size = 2 * buffer.Size, DoubleBuffered = true }) });
    }

    /// <summary>The weight buffer's; slots of the factor buffer take turns with its slots.</summary>
    private static DesignChange DeeperWeights(AcceleratorSpec spec)
    {
        DesignChange weights = Deeper(spec, "weight", spec.Buffers.Weight, buffer => spec.Buffers with { Weight = buffer });
        BufferSpec factors = spec.Buffers.Factor;
        if (factors.Size == 0 || factors.DoubleBuffered)
        {
            return weights;
        }

        DesignChange both = Deeper(weights.Changed, "factor", factors, buffer => weights.Changed.Buffers with { Factor = buffer });
        return both with { Set = weights.Set.Concat(both.Set).ToDictionary() };
    }

    private static string ValueText(object value) => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
