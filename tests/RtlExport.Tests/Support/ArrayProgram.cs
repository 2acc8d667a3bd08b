// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Parameters;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Tests.Support;

/// <summary>A few matmuls in a row, with what lies in the buffers they read: codes as they are stored, from 0 on.</summary>
/// <param name="Design">The array; its buffers are those of the bench.</param>
/// <param name="Elements">Activation buffer, each element's bits.</param>
/// <param name="Lines">Weight buffer: the codes of a line.</param>
/// <param name="Instructions">The program.</param>
internal sealed record ArrayProgram(AcceleratorSpec Design, int[] Elements, uint[][] Lines, MatmulInstruction[] Instructions)
{
    /// <summary>Draws a design of a dataflow and a kind, and a program that fits it.</summary>
    public static ArrayProgram Draw(Dataflow dataflow, ProcessingElementKind kind, int seed)
    {
        var random = new Random(seed);
        AcceleratorSpec design = DrawDesign(dataflow, kind, random);
        int codes = 1 << design.Array.WeightWidth;
        int[] elements = [.. Enumerable.Range(0, design.Buffers.Activation.Size).Select(_ => random.Next(1 << design.Requantizer.ElementWidth))];
        uint[][] lines = [.. Enumerable.Range(0, design.Buffers.Weight.Size).Select(_ => Line())];
        return new(design, elements, lines, [.. Enumerable.Range(0, 4).Select(index => DrawInstruction(design, random, index))]);

        uint[] Line() => [.. Enumerable.Range(0, design.WeightLineElements).Select(_ => (uint)random.Next(codes)).Select(code => kind == ProcessingElementKind.TernaryAdd && code == 2 ? 0 : code)];
    }

    /// <summary>What the bench prints, in its order.</summary>
    public string[] Run(ModuleMutation? mutation = null)
    {
        InstructionSet set = RtlParameters.Of(Design).Instructions;
        Tools.ToolRun run = ModuleBench.Run("array_unit_tb", Design, mutation ?? ModuleMutation.None, [("Instructions", Instructions.Length)],
            ("activations.memh", string.Concat(Elements.Select(element => element.ToString("x", CultureInfo.InvariantCulture) + "\n"))),
            ("lines.memh", string.Concat(Lines.Select(line => Hex(line.SelectMany(code => Bits(code, Design.Array.WeightWidth)))))),
            ("program.memh", string.Concat(Instructions.Select((instruction, index) => Hex(set.Encode(instruction, index).SelectMany(word => Bits(word, 32)).Take(set.Formats[(int)UnitKind.Array].Width))))));

        // A mutant may never end; then it fails by itself.
        Assert.True(run.ExitCode == 0 || mutation is not null, run.Output);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => char.IsAsciiLetterUpper(line[0]) && line[1] == ' ')];
    }

    private static AcceleratorSpec DrawDesign(Dataflow dataflow, ProcessingElementKind kind, Random random)
    {
        bool signed = kind == ProcessingElementKind.XnorPopcount || random.Next(2) == 0;
        int terms = kind == ProcessingElementKind.ShiftAdd ? random.Next(1, 3) : 1;
        return Designs.Reference with
        {
            Array = Designs.Reference.Array with
            {
                Dataflow = dataflow,
                ProcessingElement = kind,
                Rows = random.Next(dataflow == Dataflow.OutputStationary ? 2 : 1, 6),
                Columns = random.Next(1, 6),
                Lanes = kind == ProcessingElementKind.DspPacked ? 2 : random.Next(1, 4),
                WeightDoubleBuffering = random.Next(2) == 0,
                ActivationSigned = signed,
                ActivationWidth = kind switch { ProcessingElementKind.XnorPopcount => 1, ProcessingElementKind.DspPacked => random.Next(2, 6), _ => random.Next(signed ? 2 : 1, 9) },
                WeightWidth = kind switch
                {
                    ProcessingElementKind.XnorPopcount => 1,
                    ProcessingElementKind.TernaryAdd => 2,
                    ProcessingElementKind.ShiftAdd => terms * random.Next(2, 5),
                    ProcessingElementKind.Codebook => random.Next(1, 5),
                    _ => random.Next(2, 6),
                },
                WeightTerms = terms,
                CodebookValueWidth = kind == ProcessingElementKind.Codebook ? random.Next(2, 8) : 0,
                ColumnFilter = dataflow == Dataflow.WeightStationary && kind != ProcessingElementKind.BitSerial,
                PartialSumWidth = random.Next(8, 22),
                Overflow = random.Next(2) == 0 ? AccelModel.Numerics.OverflowMode.Saturate : AccelModel.Numerics.OverflowMode.Wrap,
            },
            Accumulator = new() { Width = random.Next(10, 28), Overflow = random.Next(2) == 0 ? AccelModel.Numerics.OverflowMode.Saturate : AccelModel.Numerics.OverflowMode.Wrap },
            Buffers = Designs.Reference.Buffers with
            {
                Activation = new() { Size = 512, DoubleBuffered = false },
                Weight = new() { Size = 400, DoubleBuffered = false },
                Accumulator = new() { Size = 45, DoubleBuffered = false },
            },
        };
    }

    private static MatmulInstruction DrawInstruction(AcceleratorSpec design, Random random, int index)
    {
        ArraySpec array = design.Array;
        bool filter = array.ColumnFilter && random.Next(2) == 0;
        bool bitSerial = array.ProcessingElement == ProcessingElementKind.BitSerial;
        bool signed = array.ActivationSigned && random.Next(2) == 0;
        int digitWidth = array.ProcessingElement == ProcessingElementKind.XnorPopcount ? 1 : array.ActivationSigned ? array.ActivationWidth - 1 : array.ActivationWidth;
        int rows = random.Next(1, 4);
        int columns = random.Next(1, 5);
        int channels = random.Next(1, (2 * array.Columns) + 1);
        int read = Math.Max(design.VectorElements, filter ? array.Columns : 0);
        int words = rows * columns * (array.Dataflow == Dataflow.InputStationary ? 2 : 1);
        int[] strides = [random.Next(60), random.Next(20), random.Next(10), random.Next(10)];
        int tiles = filter ? 1 : random.Next(1, 4);
        return new()
        {
            Layer = 0,
            Waits = SemaphoreSet.None,
            Signals = index % 2 == 0 ? SemaphoreSet.None.With(Semaphore.AccumulatorReady) : SemaphoreSet.None,
            ActivationAddress = random.Next(512 - (3 * 60) - (4 * 20) - 40 - (tiles * read)),
            ActivationSigned = signed,
            Rows = rows,
            Columns = columns,
            RowStride = strides[0],
            ColumnStride = strides[1],
            Digits = signed || bitSerial ? 1 : random.Next(1, Math.Min(3, (7 / digitWidth) + 1) + 1),
            KernelRows = random.Next(1, 4),
            KernelColumns = filter ? 1 : random.Next(1, 3),
            Tiles = tiles,
            KernelRowStride = strides[2],
            KernelColumnStride = strides[3],
            WeightAddress = random.Next(40),
            AccumulatorAddress = random.Next(45 - words + 1),
            Accumulate = random.Next(3) == 0,
            Interval = bitSerial ? random.Next(1, array.ActivationWidth + 1) : 1,
            LastTileElements = random.Next(2) == 0 ? 0 : random.Next(1, (filter ? array.Rows : design.VectorElements) + 1),
            TableLines = design.CodebookLines,
            Channels = channels,
            ColumnFilter = filter,
        };
    }

    private static IEnumerable<bool> Bits(uint value, int width) => Enumerable.Range(0, width).Select(bit => (value >> bit & 1) != 0);

    /// <summary>One word of a memory file, the first bit lowest.</summary>
    private static string Hex(IEnumerable<bool> bits)
    {
        var text = new StringBuilder();
        foreach (bool[] digit in bits.Chunk(4).Reverse())
        {
            text.Append(digit.Select((bit, place) => bit ? 1 << place : 0).Sum().ToString("x", CultureInfo.InvariantCulture));
        }

        return text.Append('\n').ToString();
    }
}
