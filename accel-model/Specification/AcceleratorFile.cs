// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>
/// Reads an <see cref="AcceleratorSpec"/> from YAML: its keys are the record's members in snake_case. Those without a default must be there, and no other
/// may be. A file may name another one as its <c>base</c> and hold only what differs.
/// </summary>
public static class AcceleratorFile
{
    private static readonly BufferSpec NoBuffer = new() { Size = 0, DoubleBuffered = false };

    /// <summary>The design of a file, or null after findings.</summary>
    public static AcceleratorSpec? Load(string path, SpecIssues issues) =>
        YamlFile.LoadWithBase(path, issues) is SpecNode tree ? Read(tree, issues) : null;

    /// <summary>The design of a tree that is already loaded (and perhaps overridden), or null after findings.</summary>
    public static AcceleratorSpec? Read(SpecNode tree, SpecIssues issues)
    {
        SpecIssues found = [];
        AcceleratorSpec spec = ReadMembers(tree, found);
        HashSet<string> wrong = [.. found.Select(issue => issue.KeyPath)];
        foreach (Finding finding in AcceleratorRules.CheckRules(spec, wrong).ToList())
        {
            found.Add(tree, finding);
        }
        foreach (SpecIssue issue in found)
        {
            issues.Add(issue);
        }
        return found.Count == 0 ? spec : null;
    }

    /// <summary>The members of a tree, each within its range; rules between them are not checked. A member with a finding has a value that is allowed.</summary>
    public static AcceleratorSpec ReadMembers(SpecNode tree, SpecIssues issues)
    {
        SpecSection root = SpecSection.Root(tree, issues);
        AcceleratorSpec spec = Read(root);
        root.Finish();
        return spec;
    }

    private static AcceleratorSpec Read(SpecSection root) => new()
    {
        Name = root.RequiredString("name"),
        ClockMhz = root.RequiredDouble("clock_mhz", AcceleratorLimits.MinClockMhz, AcceleratorLimits.MaxClockMhz),
        Array = ReadArray(root.Section("array")),
        Accumulator = ReadAccumulator(root.Section("accumulator")),
        Requantizer = ReadRequantizer(root.Section("requantizer")),
        Vector = ReadVector(root.SectionOrEmpty("vector")),
        Buffers = ReadBuffers(root.Section("buffers")),
        Memory = ReadMemory(root.Section("memory")),
        Mapping = ReadMapping(root.Section("mapping")),
    };

    private static ArraySpec ReadArray(SpecSection array) => new()
    {
        Dataflow = array.RequiredEnum<Dataflow>("dataflow"),
        Rows = Integer(array, "rows"),
        Columns = Integer(array, "columns"),
        Lanes = Integer(array, "lanes"),
        ProcessingElement = array.RequiredEnum<ProcessingElementKind>("processing_element"),
        WeightDoubleBuffering = array.RequiredBool("weight_double_buffering"),
        ActivationWidth = Integer(array, "activation_width"),
        ActivationSigned = array.RequiredBool("activation_signed"),
        WeightWidth = Integer(array, "weight_width"),
        WeightTerms = Integer(array, "weight_terms", @default: 1),
        CodebookValueWidth = Integer(array, "codebook_value_width", @default: 0),
        ColumnFilter = array.OptionalBool("column_filter", @default: false),
        ActivationWeights = array.OptionalBool("activation_weights", @default: false),
        OperandOffsets = array.OptionalBool("operand_offsets", @default: false) ? true : null,
        PartialSumWidth = Integer(array, "partial_sum_width"),
        Overflow = array.RequiredEnum<OverflowMode>("overflow"),
    };

    private static AccumulatorSpec ReadAccumulator(SpecSection accumulator) => new()
    {
        Width = Integer(accumulator, "width"),
        Overflow = accumulator.RequiredEnum<OverflowMode>("overflow"),
    };

    private static RequantizerSpec ReadRequantizer(SpecSection requantizer) => new()
    {
        Rounding = requantizer.RequiredEnum<RoundingMode>("rounding"),
        FixedShift = requantizer.Has("fixed_shift") ? Integer(requantizer, "fixed_shift", @default: 0) : null,
        DoubleRounding = requantizer.OptionalBool("double_rounding", @default: false),
        MultiplierWidth = Integer(requantizer, "multiplier_width"),
        ElementWidth = Integer(requantizer, "element_width"),
    };

    private static VectorSpec ReadVector(SpecSection vector) => new()
    {
        Elementwise = vector.OptionalBool("elementwise", @default: false),
        Lookup = vector.OptionalBool("lookup", @default: false),
        ThresholdLevels = Integer(vector, "threshold_levels", @default: 0),
    };

    private static BuffersSpec ReadBuffers(SpecSection buffers) => new()
    {
        Activation = ReadBuffer(buffers.Section("activation")),
        Weight = ReadBuffer(buffers.Section("weight")),
        Parameter = ReadBuffer(buffers.Section("parameter")),
        Accumulator = ReadBuffer(buffers.Section("accumulator")),
        Output = ReadBuffer(buffers.Section("output")),
        Operand = buffers.OptionalSection("operand") is { } operand ? ReadBuffer(operand) : NoBuffer,
        Factor = buffers.OptionalSection("factor") is { } factor ? ReadBuffer(factor) : NoBuffer,
    };

    private static BufferSpec ReadBuffer(SpecSection buffer) => new()
    {
        Size = Integer(buffer, "size"),
        DoubleBuffered = buffer.RequiredBool("double_buffered"),
    };

    private static MemorySpec ReadMemory(SpecSection memory) => new()
    {
        BytesPerCycle = Integer(memory, "bytes_per_cycle"),
        LatencyCycles = Integer(memory, "latency_cycles"),
        BurstBeats = Integer(memory, "burst_beats"),
        BurstAlignmentBytes = Integer(memory, "burst_alignment_bytes", @default: 0),
    };

    private static MappingSpec ReadMapping(SpecSection mapping) => new()
    {
        Convolution = mapping.RequiredEnum<ConvolutionMapping>("convolution"),
        ResidentWeights = mapping.OptionalBool("resident_weights", @default: false),
    };

    private static int Integer(SpecSection section, string key)
    {
        IntegerLimit limit = AcceleratorLimits.Of($"{section.KeyPath}.{key}");
        return section.RequiredInt(key, limit.Min, limit.Max);
    }

    private static int Integer(SpecSection section, string key, int @default)
    {
        IntegerLimit limit = AcceleratorLimits.Of($"{section.KeyPath}.{key}");
        return section.OptionalInt(key, @default, limit.Min, limit.Max);
    }
}
