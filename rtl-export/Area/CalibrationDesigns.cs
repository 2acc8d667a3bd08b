// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace RtlExport.Area;

/// <summary>
/// The designs that an area model is fitted to, and those that it is checked on: drawn at random over all kinds of PE, dataflows, widths 1..16, arrays of 1 x 1 to 16 x 16, buffer sizes and features of the
/// vector unit. Design <c>i</c> of a seed is always the same one.
/// </summary>
public static class CalibrationDesigns
{
    private static readonly ProcessingElementKind[] Kinds = Enum.GetValues<ProcessingElementKind>();
    private static readonly Dataflow[] Dataflows = Enum.GetValues<Dataflow>();
    private static readonly RoundingMode[] Roundings = Enum.GetValues<RoundingMode>();

    /// <summary>Designs <paramref name="first"/> to <c>first + count - 1</c> of <paramref name="seed"/>.</summary>
    public static ImmutableArray<AcceleratorSpec> Draw(uint seed, int first, int count) => [.. Enumerable.Range(first, count).Select(index => Draw(seed, index))];

    /// <summary>Design <paramref name="index"/> of <paramref name="seed"/>: kinds and dataflows take turns, the rest is drawn until it is a valid design.</summary>
    public static AcceleratorSpec Draw(uint seed, int index)
    {
        var random = new CalibrationRandom(seed * 2654435761u + (uint)index * 40503u + 1);
        while (true)
        {
            AcceleratorSpec spec = Candidate(random, index);
            if (AcceleratorRules.Check(spec).IsEmpty)
            {
                return spec;
            }
        }
    }

    /// <summary>Design <paramref name="index"/> of <paramref name="seed"/> with an array of at most two rows and columns, rounding modes taking turns, one in six with element-wise operations.</summary>
    public static AcceleratorSpec DrawSmall(uint seed, int index)
    {
        var random = new CalibrationRandom(seed * 2654435761u + (uint)index * 40503u + 77);
        while (true)
        {
            AcceleratorSpec spec = Candidate(random, random.Between(0, Kinds.Length * Dataflows.Length - 1));
            spec = spec with
            {
                Array = spec.Array with { Rows = Math.Min(2, spec.Array.Rows), Columns = Math.Min(2, spec.Array.Columns) },
                Requantizer = spec.Requantizer with { Rounding = Roundings[index % Roundings.Length] },
            };
            if (AcceleratorRules.Check(spec).IsEmpty)
            {
                return spec;
            }
        }
    }

    private static AcceleratorSpec Candidate(CalibrationRandom random, int index)
    {
        ProcessingElementKind kind = Kinds[index % Kinds.Length];
        int bytes = 1 << random.Between(0, 4), elementWidth = random.OneIn(4) ? 16 : 8;
        bool elementwise = random.OneIn(4);
        ArraySpec array = Array(random, kind, Dataflows[index / Kinds.Length % Dataflows.Length]);
        int slots = Math.Max(array.Rows, array.Columns);
        int accumulator = random.Between(8, 40);
        BufferSpec Elements(int least, int most) => new() { Size = Math.Max(2 * bytes, random.Around(least, most) / (2 * bytes) * 2 * bytes), DoubleBuffered = random.OneIn(2) };
        BufferSpec Words(int least, int most) => new() { Size = 2 * Math.Max(1, random.Around(least, most) / 2), DoubleBuffered = random.OneIn(2) };
        return new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"calibration-{index}"),
            ClockMhz = 100,
            Array = array,
            Accumulator = new() { Width = accumulator, Overflow = random.OneIn(2) ? OverflowMode.Saturate : OverflowMode.Wrap },
            Requantizer = new()
            {
                Rounding = Roundings[random.Between(0, Roundings.Length - 1)],
                FixedShift = random.OneIn(6) ? random.Between(0, 40) : null,
                MultiplierWidth = random.Between(1, elementwise ? 30 : Math.Min(32, 62 - accumulator)),
                ElementWidth = elementWidth,
            },
            Vector = new() { Elementwise = elementwise, Lookup = elementWidth == 8 && random.OneIn(4), ThresholdLevels = random.OneIn(5) ? random.Between(1, 15) : 0 },
            Buffers = new()
            {
                Activation = Elements(128, 32768),
                Weight = Words(2 * slots + 64, 8192),
                Parameter = Words(2, 256),
                Accumulator = Words(8, 4096),
                Output = Words(4, 4096),
                Operand = elementwise ? Elements(128, 16384) : new() { Size = 0, DoubleBuffered = false },
            },
            Memory = new() { BytesPerCycle = bytes, LatencyCycles = random.Between(1, 40), BurstBeats = 1 << random.Between(0, 8) },
            Mapping = new() { Convolution = ConvolutionMapping.Im2col },
        };
    }

    private static ArraySpec Array(CalibrationRandom random, ProcessingElementKind kind, Dataflow dataflow)
    {
        bool signed = kind == ProcessingElementKind.XnorPopcount || random.OneIn(2);
        int terms = kind == ProcessingElementKind.ShiftAdd ? random.Between(1, 2) : 1;
        int lanes = random.OneIn(2) ? 1 : random.Between(1, 4);
        return new()
        {
            Dataflow = dataflow,
            Rows = random.Between(dataflow == Dataflow.OutputStationary ? 2 : 1, 16),
            Columns = random.Between(1, 16),
            Lanes = kind == ProcessingElementKind.DspPacked ? lanes + lanes % 2 : lanes,
            ProcessingElement = kind,
            WeightDoubleBuffering = random.OneIn(2),
            ActivationWidth = kind == ProcessingElementKind.XnorPopcount ? 1 : random.Between(signed ? 2 : 1, kind == ProcessingElementKind.DspPacked ? 8 : 16),
            ActivationSigned = signed,
            WeightWidth = kind switch
            {
                ProcessingElementKind.XnorPopcount => 1,
                ProcessingElementKind.TernaryAdd => 2,
                ProcessingElementKind.ShiftAdd => terms * random.Between(2, 5),
                ProcessingElementKind.Codebook => random.Between(1, 4),
                ProcessingElementKind.DspPacked => random.Between(2, 8),
                _ => random.Between(2, 16),
            },
            WeightTerms = terms,
            CodebookValueWidth = kind == ProcessingElementKind.Codebook ? random.Between(2, 16) : 0,
            ColumnFilter = dataflow == Dataflow.WeightStationary && kind != ProcessingElementKind.BitSerial && random.OneIn(3),
            PartialSumWidth = random.Between(8, 40),
            Overflow = random.OneIn(2) ? OverflowMode.Saturate : OverflowMode.Wrap,
        };
    }
}
