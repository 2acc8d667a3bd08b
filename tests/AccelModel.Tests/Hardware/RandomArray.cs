// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Tests.Hardware;

/// <summary>A random array, a random program for it, and random contents of its buffers. What each code of a weight stands for is worked out here once more.</summary>
internal sealed class RandomArray
{
    public const int Elements = 512;
    public const int Lines = 320;
    public const int Words = 64;

    /// <summary>Shape of the layer that overflows are located in.</summary>
    public static readonly TensorSpec Layer = new(40, 50, 60, new FixedPointFormat(true, 8, 0));

    private readonly Random _random;
    private readonly int[] _terms;

    public RandomArray(Random random, Dataflow dataflow, ProcessingElementKind kind, bool columnFilter = false)
    {
        _random = random;
        Kind = kind;
        Spec = Draw(dataflow, kind, columnFilter);
        ArraySpec array = Spec.Array;
        _terms = [.. Enumerable.Range(0, array.WeightTerms).Select(term => term * (array.WeightWidth / array.WeightTerms))];
        Buffer = [.. Enumerable.Range(0, Elements).Select(_ => Element())];
        Codes = [.. Enumerable.Range(0, Lines).Select(_ => Enumerable.Range(0, Spec.WeightLineElements).Select(_ => Code()).ToArray())];
        Initial = [.. Enumerable.Range(0, Words).Select(_ => Enumerable.Range(0, array.Columns).Select(_ => Narrow(Spec.Accumulator.Width)).ToArray())];
        Program = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Instruction())];
    }

    public ProcessingElementKind Kind { get; }

    public AcceleratorSpec Spec { get; }

    public ushort[] Buffer { get; }

    /// <summary>Weight codes by line and place.</summary>
    public int[][] Codes { get; }

    /// <summary>Accumulators before the program, by word and column.</summary>
    public long[][] Initial { get; }

    public MatmulInstruction[] Program { get; }

    public int DigitWidth => Kind == ProcessingElementKind.XnorPopcount ? 1 : Spec.Array.ActivationWidth - (Spec.Array.ActivationSigned ? 1 : 0);

    /// <summary>Bits of a weight line.</summary>
    private int LineBits => Spec.WeightLineElements * Spec.Array.WeightWidth;

    private int TableLines => Kind != ProcessingElementKind.Codebook ? 0 : (int)Math.Ceiling((Spec.Array.CodebookValueWidth << Spec.Array.WeightWidth) / (double)LineBits);

    /// <summary>The value of a weight in an instruction.</summary>
    public long Weight(MatmulInstruction matmul, int code)
    {
        int width = Spec.Array.WeightWidth;
        return Kind switch
        {
            ProcessingElementKind.XnorPopcount => code == 1 ? 1 : -1,
            ProcessingElementKind.ShiftAdd => _terms.Sum(low => Term((code >> low) % (1 << (width / _terms.Length)), width / _terms.Length)),
            ProcessingElementKind.Codebook => Entry(matmul.WeightAddress, code),
            _ => code >= 1 << (width - 1) ? code - (1 << width) : code,
        };
    }

    /// <summary>What an element counts as in a digit.</summary>
    public long Operand(MatmulInstruction matmul, int address, int digit)
    {
        int element = Buffer[address];
        int bits = Kind == ProcessingElementKind.BitSerial ? matmul.Interval : Spec.Requantizer.ElementWidth;
        if (matmul.ActivationSigned)
        {
            int value = element % (1 << bits);
            value = value >= 1 << (bits - 1) ? value - (1 << bits) : value;
            return Kind == ProcessingElementKind.XnorPopcount ? value >= 0 ? 1 : -1 : value;
        }
        return Kind == ProcessingElementKind.BitSerial ? element % (1 << bits) : (element >> (digit * DigitWidth)) % (1 << DigitWidth);
    }

    /// <summary>A bench with all of this in its buffers.</summary>
    public ArrayBench Bench()
    {
        var bench = new ArrayBench(Spec, Program, Layer);
        bench.WriteActivations(Buffer);
        for (int line = 0; line < Lines; line++)
        {
            bench.WriteLine(line, Hardware.Bench.Pack(Spec.WeightLineWords * Spec.Memory.BytesPerCycle, Codes[line].Select(code => ((long)code, Spec.Array.WeightWidth))));
        }
        for (int word = 0; word < Words; word++)
        {
            bench.WriteAccumulators(word, Initial[word]);
        }
        return bench;
    }

    private AcceleratorSpec Draw(Dataflow dataflow, ProcessingElementKind kind, bool columnFilter)
    {
        int elementWidth = _random.Next(2) == 0 ? 8 : 16;
        int terms = _random.Next(1, 3);
        bool isSigned = kind is ProcessingElementKind.XnorPopcount or ProcessingElementKind.BitSerial || _random.Next(2) == 0;
        int lanes = kind == ProcessingElementKind.DspPacked ? 2 * _random.Next(1, 3) : _random.Next(1, 4);
        AcceleratorSpec spec = Hardware.Bench.Spec(_random.Next(dataflow == Dataflow.OutputStationary ? 2 : 1, 6), _random.Next(1, 6), lanes, _random.Next(2) == 0);
        return spec with
        {
            Array = spec.Array with
            {
                Dataflow = dataflow,
                ProcessingElement = kind,
                ActivationSigned = isSigned,
                ActivationWidth = kind == ProcessingElementKind.XnorPopcount ? 1 : _random.Next(2, 8),
                WeightTerms = kind == ProcessingElementKind.ShiftAdd ? terms : 1,
                WeightWidth = kind switch
                {
                    ProcessingElementKind.XnorPopcount => 1,
                    ProcessingElementKind.TernaryAdd => 2,
                    ProcessingElementKind.ShiftAdd => terms * _random.Next(2, 6),
                    ProcessingElementKind.Codebook => _random.Next(1, 5),
                    ProcessingElementKind.DspPacked => _random.Next(2, 5),
                    _ => _random.Next(2, 9),
                },
                CodebookValueWidth = kind == ProcessingElementKind.Codebook ? _random.Next(2, 10) : 0,
                ColumnFilter = columnFilter,
                PartialSumWidth = kind == ProcessingElementKind.XnorPopcount ? 4 : _random.Next(5, 30),
                Overflow = Mode(),
            },
            Accumulator = new() { Width = kind == ProcessingElementKind.XnorPopcount ? 8 : _random.Next(8, 33), Overflow = Mode() },
            Requantizer = spec.Requantizer with { ElementWidth = elementWidth },
            Buffers = spec.Buffers with
            {
                Activation = new() { Size = Elements, DoubleBuffered = false },
                Weight = new() { Size = Lines, DoubleBuffered = false },
                Accumulator = new() { Size = Words, DoubleBuffered = false },
            },
            Memory = spec.Memory with { BytesPerCycle = (elementWidth / 8) << _random.Next(0, 4) },
        };
    }

    private MatmulInstruction Instruction()
    {
        ArraySpec array = Spec.Array;
        bool isSerial = Kind == ProcessingElementKind.BitSerial;
        bool isSigned = array.ActivationSigned && _random.Next(2) == 0;
        bool filters = array.ColumnFilter && _random.Next(4) > 0;
        int columns = _random.Next(1, 5);
        return Hardware.Bench.Matmul(1, 1) with
        {
            ActivationAddress = _random.Next(0, 40),
            ActivationSigned = isSigned,
            Rows = _random.Next(1, 4),
            Columns = columns,
            RowStride = _random.Next(0, 20),
            ColumnStride = _random.Next(0, 9),
            Digits = isSigned || isSerial ? 1 : _random.Next(1, 4),
            KernelRows = _random.Next(1, 3),
            KernelColumns = filters ? 1 : _random.Next(1, 3),
            Tiles = filters ? 1 : _random.Next(1, 3),
            KernelRowStride = _random.Next(0, 9),
            KernelColumnStride = _random.Next(0, 9),
            WeightAddress = _random.Next(0, 100),
            AccumulatorAddress = _random.Next(0, 20),
            Accumulate = _random.Next(2) == 0,
            Interval = isSerial ? _random.Next(1, Spec.Requantizer.ElementWidth + 1) : 1,
            LastTileElements = _random.Next(2) == 0 ? 0 : _random.Next(1, (filters ? array.Rows : Spec.VectorElements) + 1),
            TableLines = TableLines,
            Channels = array.Dataflow == Dataflow.InputStationary ? _random.Next(1, (3 * array.Columns) + 1) : _random.Next(0, array.Columns + 1),
            ColumnFilter = filters,
            Origin = new MatmulOrigin(_random.Next(0, 9), _random.Next(0, 9), _random.Next(0, 9), _random.Next(0, 9)) with
            {
                ColumnStep = filters ? _random.Next(0, 3) : 0,
                Columns = filters ? _random.Next(0, columns + 1) : 0,
            },
        };
    }

    /// <summary>Any bits; on an array of signed operands those of a value that is as wide as an operand.</summary>
    private ushort Element()
    {
        int element = _random.Next(1 << Spec.Requantizer.ElementWidth);
        int half = 1 << (Spec.Array.ActivationWidth - 1);
        bool isOperand = Spec.Array.ActivationSigned && Kind is not (ProcessingElementKind.XnorPopcount or ProcessingElementKind.BitSerial);
        return (ushort)(isOperand ? ((element % (2 * half)) - half) & ((1 << Spec.Requantizer.ElementWidth) - 1) : element);
    }

    /// <summary>A code that a value has: ternary weights have three, the terms of two's complement and of sums all.</summary>
    private int Code() => Kind == ProcessingElementKind.TernaryAdd ? _random.Next(3) switch { 0 => 0, 1 => 1, _ => 3 } : _random.Next(1 << Spec.Array.WeightWidth);

    private static long Term(int field, int width)
    {
        int exponent = field % (1 << (width - 1));
        long magnitude = exponent == 0 ? 0 : (long)Math.Pow(2, exponent - 1);
        return field >= 1 << (width - 1) ? -magnitude : magnitude;
    }

    /// <summary>An entry of the table that lies in the lines in front of the weights, bit by bit.</summary>
    private long Entry(int tableLine, int entry)
    {
        int width = Spec.Array.CodebookValueWidth;
        long value = 0;
        for (int i = 0; i < width; i++)
        {
            (int line, int bit) = Math.DivRem((entry * width) + i, LineBits);
            int code = Codes[tableLine + line][bit / Spec.Array.WeightWidth];
            value += (long)(code >> (bit % Spec.Array.WeightWidth) & 1) << i;
        }
        return value >= 1L << (width - 1) ? value - (1L << width) : value;
    }

    private long Narrow(int width) => _random.NextInt64(-(1L << (width - 1)), 1L << (width - 1)) >> _random.Next(0, width);

    private OverflowMode Mode() => _random.Next(2) == 0 ? OverflowMode.Saturate : OverflowMode.Wrap;
}
