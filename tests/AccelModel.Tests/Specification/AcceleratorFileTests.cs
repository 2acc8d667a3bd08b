// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Networks;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>Designs from files, and every rule with the line and column of its finding.</summary>
public sealed class AcceleratorFileTests
{
    private const string Sound =
        """
        name: sound
        clock_mhz: 125.5
        array:
          dataflow: weight_stationary
          rows: 7
          columns: 9
          lanes: 2
          processing_element: multiply
          weight_double_buffering: true
          activation_width: 5
          activation_signed: false
          weight_width: 4
          partial_sum_width: 16
          overflow: saturate
        accumulator:
          width: 30
          overflow: wrap
        requantizer:
          rounding: half_even
          multiplier_width: 18
          element_width: 16
        buffers:
          activation: { size: 640, double_buffered: true }
          weight: { size: 70, double_buffered: true }
          parameter: { size: 3, double_buffered: false }
          accumulator: { size: 50, double_buffered: true }
          output: { size: 30, double_buffered: false }
        memory:
          bytes_per_cycle: 32
          latency_cycles: 11
          burst_beats: 13
        mapping:
          convolution: channel_tiles

        """;

    [Fact]
    public void Every_key_arrives_at_its_member()
    {
        AcceleratorSpec spec = Load(Sound, []);
        AcceleratorSpec expected = new()
        {
            Name = "sound",
            ClockMhz = 125.5,
            Array = new ArraySpec
            {
                Dataflow = Dataflow.WeightStationary,
                Rows = 7,
                Columns = 9,
                Lanes = 2,
                ProcessingElement = ProcessingElementKind.Multiply,
                WeightDoubleBuffering = true,
                ActivationWidth = 5,
                ActivationSigned = false,
                WeightWidth = 4,
                PartialSumWidth = 16,
                Overflow = OverflowMode.Saturate,
            },
            Accumulator = new AccumulatorSpec { Width = 30, Overflow = OverflowMode.Wrap },
            Requantizer = new RequantizerSpec { Rounding = RoundingMode.HalfEven, MultiplierWidth = 18, ElementWidth = 16 },
            Buffers = new BuffersSpec
            {
                Activation = new BufferSpec { Size = 640, DoubleBuffered = true },
                Weight = new BufferSpec { Size = 70, DoubleBuffered = true },
                Parameter = new BufferSpec { Size = 3, DoubleBuffered = false },
                Accumulator = new BufferSpec { Size = 50, DoubleBuffered = true },
                Output = new BufferSpec { Size = 30, DoubleBuffered = false },
            },
            Memory = new MemorySpec { BytesPerCycle = 32, LatencyCycles = 11, BurstBeats = 13 },
            Mapping = new MappingSpec { Convolution = ConvolutionMapping.ChannelTiles },
        };
        Assert.Equal(expected, spec);
        Assert.Empty(AcceleratorRules.Check(spec));
    }

    /// <summary>Text, what replaces it, the text at which the finding is, the finding.</summary>
    public static TheoryData<string, string, string, string> WrongTexts => new()
    {
        { "clock_mhz: 125.5", "clock_mhz: 0", "0", "clock_mhz: out of range, found '0', allowed 0.001..10000" },
        { "rows: 7", "rows: 0", "0", "array.rows: out of range, found '0', allowed 1..128" },
        { "rows: 7", "rows: 129", "129", "array.rows: out of range, found '129', allowed 1..128" },
        { "rows: 7", "rows: seven", "seven", "array.rows: not a whole number in decimal digits, found 'seven', allowed 1..128" },
        { "columns: 9", "columns: 129", "129", "array.columns: out of range, found '129', allowed 1..128" },
        { "lanes: 2", "lanes: 9", "9\n  processing", "array.lanes: out of range, found '9', allowed 1..8" },
        { "weight_stationary", "weights_stationary", "weights_stationary", "array.dataflow: unknown name, found 'weights_stationary' (did you mean 'weight_stationary'?), allowed weight_stationary, output_stationary, input_stationary" },
        { "weight_stationary\n  rows: 7", "output_stationary\n  rows: 1", "1\n  columns", "array.rows: too few rows to drain sums, found 1, allowed 2..128 with dataflow output_stationary" },
        { "multiply", "0", "0\n  weight_d", "array.processing_element: unknown name, found '0', allowed multiply, dsp_packed, xnor_popcount, ternary_add, shift_add, bit_serial, codebook" },
        { "activation_width: 5", "activation_width: 0", "0", "array.activation_width: out of range, found '0', allowed 1..16" },
        { "activation_width: 5", "activation_width: 17", "17", "array.activation_width: out of range, found '17', allowed 1..16" },
        { "activation_width: 5\n  activation_signed: false", "activation_width: 1\n  activation_signed: true", "1\n  activation_signed", "array.activation_width: too narrow for a signed operand, found 1, allowed 2..16 with activation_signed" },
        { "weight_width: 4", "weight_width: 0", "0\n  partial", "array.weight_width: out of range, found '0', allowed 1..16" },
        { "weight_width: 4", "weight_width: 17", "17", "array.weight_width: out of range, found '17', allowed 1..16" },
        { "weight_width: 4", "weight_width: 1", "1\n  partial", "array.weight_width: not a width of its weights, found 1, allowed 2..16 with processing_element multiply" },
        { "multiply", "ternary_add", "4\n  partial", "array.weight_width: not a width of its weights, found 4, allowed 2 with processing_element ternary_add" },
        { "multiply", "bit_serial\n  column_filter: true", "true\n  weight", "array.column_filter: a column filters a vector a cycle, found true, allowed false with processing_element bit_serial" },
        { "weight_stationary", "input_stationary\n  column_filter: true", "true\n  rows", "array.column_filter: a column filters with the weights that it holds, found true, allowed false with dataflow input_stationary" },
        { "weight_width: 4", "weight_width: 4\n  column_filter: 1", "1\n  partial", "array.column_filter: not true or false, found '1', allowed true, false" },
        { "weight_width: 4", "weight_width: 4\n  activation_weights: true", "buffers:", "buffers.factor.size: no buffer for activations that are weights, found 0, allowed 1..16777216 with array.activation_weights" },
        { "buffers:", "buffers:\n  factor: { size: 64, double_buffered: true }", "64,", "buffers.factor.size: a buffer that nothing reads, found 64, allowed 0 without array.activation_weights" },
        { "weight_width: 4", "weight_width: 4\n  operand_offsets: true", "true\n  partial", "array.operand_offsets: offsets of operands that are not there, found true, allowed false without array.activation_weights" },
        { "weight_width: 4", "weight_width: 4\n  weight_terms: 2", "2\n  partial", "array.weight_terms: weights that are no sums of powers of two, found 2, allowed 1 with processing_element multiply" },
        { "weight_width: 4", "weight_width: 4\n  weight_terms: 3", "3\n  partial", "array.weight_terms: out of range, found '3', allowed 1..2" },
        { "weight_width: 4", "weight_width: 4\n  codebook_value_width: 8", "8\n  partial", "array.codebook_value_width: values without a codebook, found 8, allowed 0 with processing_element multiply" },
        { "weight_width: 4", "weight_width: 4\n  codebook_value_width: 17", "17", "array.codebook_value_width: out of range, found '17', allowed 0..16" },
        { "multiply", "codebook", "array:", "array.codebook_value_width: no width of the codebook's values, found 0, allowed 2..16 with processing_element codebook" },
        { "partial_sum_width: 16", "partial_sum_width: 3", "3\n  overflow", "array.partial_sum_width: out of range, found '3', allowed 4..48" },
        { "partial_sum_width: 16", "partial_sum_width: 49", "49", "array.partial_sum_width: out of range, found '49', allowed 4..48" },
        { "overflow: saturate", "overflow: clip", "clip", "array.overflow: unknown name, found 'clip', allowed saturate, wrap" },
        { "width: 30", "width: 7", "7\n  overflow: wrap", "accumulator.width: out of range, found '7', allowed 8..48" },
        { "width: 30", "width: 49", "49", "accumulator.width: out of range, found '49', allowed 8..48" },
        { "width: 30", "width: 46", "18\n", "requantizer.multiplier_width: the product does not fit 63 bits, found 18, allowed at most 17 with accumulator.width 46" },
        { "multiplier_width: 18", "fixed_shift: 6\n  double_rounding: true\n  multiplier_width: 18", "true\n  multiplier", "requantizer.double_rounding: two roundings take two shifts of each record, found true, allowed false with fixed_shift" },
        { "rounding: half_even", "rounding: half_evn", "half_evn", "requantizer.rounding: unknown name, found 'half_evn' (did you mean 'half_even'?), allowed floor, half_up, half_away, half_even, toward_zero, stochastic" },
        { "multiplier_width: 18", "fixed_shift: 64\n  multiplier_width: 18", "64", "requantizer.fixed_shift: out of range, found '64', allowed 0..63" },
        { "multiplier_width: 18", "multiplier_width: 33", "33", "requantizer.multiplier_width: out of range, found '33', allowed 1..32" },
        { "element_width: 16", "element_width: 12", "12\nbuffers", "requantizer.element_width: not whole bytes, found 12, allowed 8, 16" },
        { "buffers:", "vector: { elementwise: true }\nbuffers:", "buffers:", "buffers.operand.size: no buffer for operands, found 0, allowed 1..16777216 with vector.elementwise" },
        { "buffers:", "vector: { lookup: true }\nbuffers:", "true }\nbuffers", "vector.lookup: a table has 256 entries, found true, allowed false with element_width 16" },
        { "buffers:", "vector: { threshold_levels: 256 }\nbuffers:", "256", "vector.threshold_levels: out of range, found '256', allowed 0..255" },
        { "buffers:", "vector: { look_up: true }\nbuffers:", "look_up", "vector.look_up: unknown key, found 'look_up' (did you mean 'lookup'?), allowed elementwise, lookup, threshold_levels" },
        { "buffers:", "buffers:\n  operand: { size: 64, double_buffered: true }", "64,", "buffers.operand.size: a buffer that nothing reads, found 64, allowed 0 without vector.elementwise" },
        { "buffers:", "vector: { elementwise: true }\nbuffers:\n  operand: { size: 72, double_buffered: true }", "72,", "buffers.operand.size: a slot is not whole memory words, found 36 elements in a slot, allowed multiples of 16 (bytes_per_cycle over element_width)" },
        { "buffers:", "vector: { elementwise: true }\nbuffers:\n  operand: { size: 64 }", "operand:", "buffers.operand.double_buffered: required key is missing, allowed true, false" },
        { "size: 640", "size: 0", "0, double", "buffers.activation.size: out of range, found '0', allowed 1..16777216" },
        { "size: 640", "size: 600", "600", "buffers.activation.size: a slot is not whole memory words, found 300 elements in a slot, allowed multiples of 16 (bytes_per_cycle over element_width)" },
        { "size: 70", "size: 71", "71", "buffers.weight.size: not two equal slots, found 71, allowed even sizes with double_buffered" },
        { "size: 70", "size: 12", "12, double", "buffers.weight.size: a slot does not hold the weights of one pass, found 6 lines in a slot, allowed at least 7 (array.rows)" },
        { "size: 3,", "size: 3000000000,", "3000000000", "buffers.parameter.size: out of range, found '3000000000', allowed 1..16777216" },
        { "size: 50", "size: 51", "51", "buffers.accumulator.size: not two equal slots, found 51, allowed even sizes with double_buffered" },
        { "size: 30", "size: 16777217", "16777217", "buffers.output.size: out of range, found '16777217', allowed 1..16777216" },
        { "double_buffered: false }\n  accumulator", "double_buffered: no }\n  accumulator", "no }", "buffers.parameter.double_buffered: not true or false, found 'no', allowed true, false" },
        { "bytes_per_cycle: 32", "bytes_per_cycle: 24", "24", "memory.bytes_per_cycle: not a power of two, found 24, allowed 1, 2, 4, 8, 16, 32, 64, 128" },
        { "bytes_per_cycle: 32", "bytes_per_cycle: 1", "1\n  latency", "memory.bytes_per_cycle: a memory word does not hold an element, found 1, allowed at least 2 with element_width 16" },
        { "bytes_per_cycle: 32", "bytes_per_cycle: 256", "256", "memory.bytes_per_cycle: out of range, found '256', allowed 1..128" },
        { "latency_cycles: 11", "latency_cycles: 0", "0\n  burst", "memory.latency_cycles: out of range, found '0', allowed 1..1000" },
        { "burst_beats: 13", "burst_beats: 13\n  burst_alignment_bytes: 48", "48", "memory.burst_alignment_bytes: not a power of two of at least a memory word, found 48, allowed 0, or powers of two from 32 on (bytes_per_cycle)" },
        { "burst_beats: 13", "burst_beats: 13\n  burst_alignment_bytes: 16", "16\nmapping", "memory.burst_alignment_bytes: not a power of two of at least a memory word, found 16, allowed 0, or powers of two from 32 on (bytes_per_cycle)" },
        { "burst_beats: 13", "burst_beats: 13\n  burst_alignment_bytes: 2097152", "2097152", "memory.burst_alignment_bytes: out of range, found '2097152', allowed 0..1048576" },
        { "burst_beats: 13", "burst_beats: 4097", "4097", "memory.burst_beats: out of range, found '4097', allowed 1..4096" },
        { "channel_tiles", "im2row", "im2row", "mapping.convolution: unknown name, found 'im2row' (did you mean 'im2col'?), allowed im2col, channel_tiles" },
        { "  burst_beats: 13\n", "", "memory:", "memory.burst_beats: required key is missing, allowed 1..4096" },
        { "name: sound", "name: sound\ncolour: red", "colour", "colour: unknown key, found 'colour', allowed name, clock_mhz, array, accumulator, requantizer, vector, buffers, memory, mapping" },
        { "memory:\n  bytes_per_cycle: 32\n  latency_cycles: 11\n  burst_beats: 13\n", "", "name", "memory: required key is missing, allowed keys with values" },
    };

    [Theory, MemberData(nameof(WrongTexts))]
    public void One_wrong_text_is_found_at_its_line_and_column(string text, string replacement, string place, string expected)
    {
        string yaml = EditedText.Replaced(Sound, text, replacement);
        (int line, int column) = EditedText.PlaceOf(yaml, place);
        SpecIssues issues = [];
        Assert.Null(AcceleratorFile.Read(YamlFile.Parse(yaml, "design.yaml", issues)!, issues));
        Assert.Equal([$"design.yaml:{line}:{column}: {expected}"], issues.Select(issue => issue.ToString()));
    }

    [Fact]
    public void All_findings_come_at_once_in_the_order_of_the_file()
    {
        string yaml = EditedText.Replaced(Sound, "rows: 7", "rows: 0");
        yaml = EditedText.Replaced(yaml, "width: 30", "width: 46");
        yaml = EditedText.Replaced(yaml, "size: 50", "size: 51");
        yaml = EditedText.Replaced(yaml, "latency_cycles: 11", "latency_cycle: 11");
        SpecIssues issues = [];
        Assert.Null(AcceleratorFile.Read(YamlFile.Parse(yaml, "design.yaml", issues)!, issues));
        Assert.Equal(
            ["array.rows", "requantizer.multiplier_width", "buffers.accumulator.size", "memory.latency_cycles", "memory.latency_cycle"],
            issues.Select(issue => issue.KeyPath));
    }

    [Fact]
    public void A_missing_section_is_one_finding_without_consequences()
    {
        string yaml = Sound[..Sound.IndexOf("buffers:", StringComparison.Ordinal)] + Sound[Sound.IndexOf("memory:", StringComparison.Ordinal)..];
        SpecIssues issues = [];
        Assert.Null(AcceleratorFile.Read(YamlFile.Parse(yaml, "design.yaml", issues)!, issues));
        Assert.Equal(["design.yaml:1:1: buffers: required key is missing, allowed keys with values"], issues.Select(issue => issue.ToString()));
    }

    public static TheoryData<Func<AcceleratorSpec, AcceleratorSpec>, string> WrongDesigns => new()
    {
        { spec => spec with { ClockMhz = double.NaN }, "clock_mhz: out of range, found NaN, allowed 0.001..10000" },
        { spec => spec with { Array = spec.Array with { Rows = 129 } }, "array.rows: out of range, found 129, allowed 1..128" },
        { spec => spec with { Array = spec.Array with { PartialSumWidth = 3 } }, "array.partial_sum_width: out of range, found 3, allowed 4..48" },
        { spec => spec with { Accumulator = spec.Accumulator with { Width = 0 } }, "accumulator.width: out of range, found 0, allowed 8..48" },
        { spec => spec with { Buffers = spec.Buffers with { Output = spec.Buffers.Output with { Size = -1 } } }, "buffers.output.size: out of range, found -1, allowed 1..16777216" },
        { spec => spec with { Memory = spec.Memory with { BytesPerCycle = 0 } }, "memory.bytes_per_cycle: out of range, found 0, allowed 1..128" },
        { spec => spec with { Memory = spec.Memory with { BytesPerCycle = 48 } }, "memory.bytes_per_cycle: not a power of two, found 48, allowed 1, 2, 4, 8, 16, 32, 64, 128" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.DspPacked, Lanes = 3 } }, "array.lanes: two lanes share a multiplier, found 3, allowed 2, 4, 6, 8 with processing_element dsp_packed" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.DspPacked, WeightWidth = 8 } }, "array.weight_width: two products do not fit one multiplier, found 8 with activations of 6 bits in two's complement, which takes 21 x 23 bits, allowed at most 25 x 18 or 18 x 25 with processing_element dsp_packed" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.XnorPopcount, WeightWidth = 1, ActivationSigned = true } }, "array.activation_width: not one bit, found 5, allowed 1 with processing_element xnor_popcount" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.XnorPopcount, WeightWidth = 1, ActivationWidth = 1 } }, "array.activation_signed: codes of -1 and +1 are signed, found false, allowed true with processing_element xnor_popcount" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.ShiftAdd, WeightWidth = 6 } }, "array.weight_width: not a width of its weights, found 6, allowed 2, 3, 4, 5 with processing_element shift_add and weight_terms 1" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.ShiftAdd, WeightWidth = 5, WeightTerms = 2 } }, "array.weight_width: not a width of its weights, found 5, allowed 4, 6, 8, 10 with processing_element shift_add and weight_terms 2" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.Codebook, WeightWidth = 9, CodebookValueWidth = 8 } }, "array.weight_width: not a width of its weights, found 9, allowed 1..8 with processing_element codebook" },
        { spec => spec with { Array = spec.Array with { Dataflow = Dataflow.InputStationary, Columns = 36 } }, "buffers.weight.size: a slot does not hold the weights of one pass, found 35 lines in a slot, allowed at least 36 (array.columns)" },
        { spec => spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.Codebook, WeightWidth = 8, CodebookValueWidth = 16 } }, "buffers.weight.size: a slot does not hold the weights of one pass, found 35 lines in a slot, allowed at least 36 (array.rows and 29 of the codebook)" },
        { spec => spec with { Vector = new VectorSpec { Elementwise = true }, Requantizer = spec.Requantizer with { MultiplierWidth = 32 }, Buffers = spec.Buffers with { Operand = new BufferSpec { Size = 32, DoubleBuffered = true } } }, "requantizer.multiplier_width: the product with a combined value of 32 bits does not fit 63 bits, found 32, allowed at most 31 with vector.elementwise" },
        { spec => spec with { Requantizer = spec.Requantizer with { MultiplierWidth = 32, ElementWidth = 16 }, Accumulator = spec.Accumulator with { Width = 32 } }, "requantizer.multiplier_width: the product does not fit 63 bits, found 32, allowed at most 31 with accumulator.width 32" },
    };

    [Theory, MemberData(nameof(WrongDesigns))]
    public void A_design_made_in_memory_is_judged_by_the_same_rules(Func<AcceleratorSpec, AcceleratorSpec> change, string expected)
    {
        AcceleratorSpec spec = Load(Sound, []);
        AcceleratorSpec changed = change(spec with { Buffers = spec.Buffers with { Activation = new BufferSpec { Size = 48, DoubleBuffered = false } } });
        Assert.Equal([expected], AcceleratorRules.Check(changed).Select(finding => finding.ToString()));
    }

    [Fact]
    public void Every_optional_key_arrives_at_its_member()
    {
        string yaml = EditedText.Replaced(Sound, "processing_element: multiply", "processing_element: shift_add\n  weight_terms: 2\n  codebook_value_width: 0\n  column_filter: true");
        yaml = EditedText.Replaced(yaml, "  multiplier_width: 18\n  element_width: 16", "  fixed_shift: 0\n  multiplier_width: 18\n  element_width: 8");
        yaml = EditedText.Replaced(yaml, "buffers:", "vector: { elementwise: true, lookup: true, threshold_levels: 255 }\nbuffers:\n  operand: { size: 192, double_buffered: true }");
        AcceleratorSpec sound = Load(Sound, []);
        Assert.Equal(
            sound with
            {
                Array = sound.Array with { ProcessingElement = ProcessingElementKind.ShiftAdd, WeightTerms = 2, ColumnFilter = true },
                Requantizer = sound.Requantizer with { FixedShift = 0, ElementWidth = 8 },
                Vector = new VectorSpec { Elementwise = true, Lookup = true, ThresholdLevels = 255 },
                Buffers = sound.Buffers with { Operand = new BufferSpec { Size = 192, DoubleBuffered = true } },
            },
            Load(yaml, []));
        string factors = EditedText.Replaced(Sound, "weight_width: 4\n", "weight_width: 4\n  activation_weights: true\n");
        AcceleratorSpec withFactors = Load(EditedText.Replaced(factors, "buffers:", "buffers:\n  factor: { size: 64, double_buffered: true }"), []);
        Assert.Equal((true, new BufferSpec { Size = 64, DoubleBuffered = true }), (withFactors.Array.ActivationWeights, withFactors.Buffers.Factor));
        string offsets = EditedText.Replaced(EditedText.Replaced(factors, "buffers:", "buffers:\n  factor: { size: 64, double_buffered: true }"), "activation_weights: true\n", "activation_weights: true\n  operand_offsets: true\n");
        AcceleratorSpec withOffsets = Load(offsets, []);
        Assert.Equal(withFactors with { Array = withFactors.Array with { OperandOffsets = true } }, withOffsets);
        Assert.Equal((5, 4), (withOffsets.Array.WeightValueWidth, withFactors.Array.WeightValueWidth));

        // A key that says what is so without it changes no identity.
        Assert.Equal(SpecHash.Of(withFactors), SpecHash.Of(Load(EditedText.Replaced(offsets, "operand_offsets: true", "operand_offsets: false"), [])));
        Assert.DoesNotContain("operand_offsets", CanonicalJson.Of(withFactors), StringComparison.Ordinal);
        Assert.NotEqual(SpecHash.Of(withFactors), SpecHash.Of(withOffsets));
        Assert.True(Load(EditedText.Replaced(Sound, "  multiplier_width: 18", "  double_rounding: true\n  multiplier_width: 18"), []).Requantizer.DoubleRounding);
    }

    /// <summary>The widest operands whose packed product fits, and one bit more.</summary>
    [Theory]
    [InlineData(true, 6, 5, true)] // s = 12: 18 x 17
    [InlineData(true, 6, 6, false)] // s = 13: 19 x 19
    [InlineData(true, 8, 3, true)] // s = 12: 20 x 15
    [InlineData(false, 8, 3, true)] // s = 13: 22 x 16
    [InlineData(false, 9, 3, true)] // s = 14: 24 x 17
    [InlineData(false, 10, 3, false)] // s = 15: 26 x 18
    [InlineData(true, 3, 10, true)] // s = 14: 17 x 24
    [InlineData(true, 2, 11, true)] // s = 14: 16 x 25
    [InlineData(true, 2, 12, false)] // s = 15: 17 x 27
    public void Two_products_share_a_multiplier_of_25_by_18_bits(bool signed, int activation, int weight, bool fits)
    {
        AcceleratorSpec sound = Load(Sound, []);
        AcceleratorSpec packed = sound with
        {
            Array = sound.Array with { ProcessingElement = ProcessingElementKind.DspPacked, ActivationSigned = signed, ActivationWidth = activation, WeightWidth = weight },
        };
        Assert.Equal(fits, AcceleratorRules.Check(packed).IsEmpty);
    }

    [Fact]
    public void A_file_may_hold_only_what_differs_from_its_base()
    {
        using TemporaryDirectory folder = new();
        folder.Write("base.yaml", Sound);
        string path = folder.Write("narrow.yaml", "base: base.yaml\nname: narrow\narray: { partial_sum_width: 12 }\n");
        SpecIssues issues = [];
        AcceleratorSpec spec = AcceleratorFile.Load(path, issues)!;
        Assert.Empty(issues);
        AcceleratorSpec sound = Load(Sound, []);
        Assert.Equal(sound with { Name = "narrow", Array = sound.Array with { PartialSumWidth = 12 } }, spec);
    }

    [Fact]
    public void An_override_is_judged_like_a_file()
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse(Sound, "design.yaml", issues)!;
        SpecNode changed = tree.With("accumulator.width", YamlFile.Parse("60", "--set", issues)!, issues);
        Assert.Null(AcceleratorFile.Read(changed, issues));
        Assert.Equal(["--set:1:1: accumulator.width: out of range, found '60', allowed 8..48"], issues.Select(issue => issue.ToString()));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_finding()
    {
        SpecIssues issues = [];
        Assert.Null(AcceleratorFile.Load("no-such.yaml", issues));
        Assert.Equal(["no-such.yaml:1:1: cannot be read, found no such file"], issues.Select(issue => issue.ToString()));
    }

    internal static AcceleratorSpec Load(string yaml, SpecIssues issues)
    {
        AcceleratorSpec? spec = AcceleratorFile.Read(YamlFile.Parse(yaml, "design.yaml", issues)!, issues);
        Assert.Empty(issues);
        return Assert.IsType<AcceleratorSpec>(spec);
    }
}
