// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Parameters;

/// <summary>Every constant of the RTL of one design: the specification's own, and what follows from them.</summary>
public sealed class RtlParameters
{
    /// <summary>Least number of instructions that a program memory holds.</summary>
    public const int LeastProgramDepth = 256;

    /// <summary>Bits of a semaphore's count at cycle 0.</summary>
    public const int InitialWidth = 2;

    /// <summary>Bits of the number of frames of a run.</summary>
    public const int FrameCountWidth = 16;

    private static readonly ImmutableArray<HardwareParameter> Enumerations =
    [
        .. Names<Dataflow>("Dataflow"), .. Names<ProcessingElementKind>("ProcessingElement"), .. Names<OverflowMode>("Overflow"), .. Names<RoundingMode>("Rounding"),
        .. Names<LoadTarget>("LoadTarget"), .. Names<StoreTarget>("StoreTarget"), .. Names<VectorSource>("VectorSource"), .. Names<VectorCombine>("VectorCombine"),
    ];

    private RtlParameters(AcceleratorSpec spec, int programDepth)
    {
        Spec = spec;
        Instructions = new(spec);
        ProgramDepth = programDepth;
        Hardware = [.. SpecificationParameters(spec), .. DerivedParameters(spec, programDepth)];
    }

    /// <summary>The design.</summary>
    public AcceleratorSpec Spec { get; }

    /// <summary>Its instruction words.</summary>
    public InstructionSet Instructions { get; }

    /// <summary>Instructions that each unit's program memory holds.</summary>
    public int ProgramDepth { get; }

    /// <summary>Sizes, widths and modes.</summary>
    public ImmutableArray<HardwareParameter> Hardware { get; }

    /// <summary>Position and width of every instruction field, and width and 32-bit words of every instruction.</summary>
    public ImmutableArray<HardwareParameter> Fields => field.IsDefault ? field = [.. Instructions.Formats.SelectMany(FieldParameters)] : field;

    /// <summary>First random word of each lane.</summary>
    public ImmutableArray<uint> LaneSeeds => field.IsDefault ? field = [.. Enumerable.Range(0, Spec.Array.Columns).Select(Lfsr.LaneSeed)] : field;

    /// <summary>SHA-256 over names and values of all constants, in lower-case hex: equal for designs that run each other's programs.</summary>
    public string HardwareSha256 => field ??= Hash();

    /// <summary>
    /// The constants of <paramref name="spec"/>, with program memories for at least <paramref name="instructions"/> instructions: the next power of two,
    /// <see cref="LeastProgramDepth"/> at least.
    /// </summary>
    public static RtlParameters Of(AcceleratorSpec spec, int instructions = LeastProgramDepth) =>
        new(spec, 1 << InstructionSet.AddressWidth(Math.Max(instructions, LeastProgramDepth)));

    /// <summary>Bits of a word that goes into the first requantiser: an accumulator, or where the unit has operands, a signed number that holds either.</summary>
    public static int SourceWidth(AcceleratorSpec spec) =>
        spec.Vector.Elementwise ? Math.Max(spec.Accumulator.Width, spec.Requantizer.ElementWidth + 1) : spec.Accumulator.Width;

    private static IEnumerable<HardwareParameter> SpecificationParameters(AcceleratorSpec spec)
    {
        yield return Int("ArrayDataflow", (int)spec.Array.Dataflow, "one of Dataflow*");
        yield return Int("ArrayRows", spec.Array.Rows, "rows of processing elements");
        yield return Int("ArrayColumns", spec.Array.Columns, "columns of processing elements");
        yield return Int("ArrayLanes", spec.Array.Lanes, "products of a processing element in a cycle");
        yield return Int("ArrayProcessingElement", (int)spec.Array.ProcessingElement, "one of ProcessingElement*");
        yield return Bit("ArrayWeightDoubleBuffering", spec.Array.WeightDoubleBuffering, "shadow weight registers");
        yield return Int("ArrayActivationWidth", spec.Array.ActivationWidth, "bits");
        yield return Bit("ArrayActivationSigned", spec.Array.ActivationSigned, "two's complement");
        yield return Int("ArrayWeightWidth", spec.Array.WeightWidth, "bits");
        yield return Int("ArrayWeightTerms", spec.Array.WeightTerms, "powers of two that a weight of shift_add is the sum of");
        yield return Int("ArrayCodebookValueWidth", spec.Array.CodebookValueWidth, "bits of a codebook's value; 0 without a codebook");
        yield return Bit("ArrayColumnFilter", spec.Array.ColumnFilter, "whether each column can filter a channel of its own");
        yield return Bit("ArrayActivationWeights", spec.Array.ActivationWeights, "whether weights can be activations, from the factor buffer");
        yield return Bit("ArrayOperandOffsets", spec.Array.HasOperandOffsets, "whether offsets are added to activations and to factors");
        yield return Int("ArrayPartialSumWidth", spec.Array.PartialSumWidth, "bits");
        yield return Int("ArrayOverflow", (int)spec.Array.Overflow, "one of Overflow*");
        yield return Int("AccumulatorWidth", spec.Accumulator.Width, "bits");
        yield return Int("AccumulatorOverflow", (int)spec.Accumulator.Overflow, "one of Overflow*");
        yield return Int("RequantizerRounding", (int)spec.Requantizer.Rounding, "one of Rounding*");
        yield return Int("RequantizerFixedShift", spec.Requantizer.FixedShift ?? -1, "the shift of every record; -1: each record has its own");
        yield return Bit("RequantizerDoubleRounding", spec.Requantizer.DoubleRounding, "records can round twice, half up and then half away from zero");
        yield return Int("RequantizerMultiplierWidth", spec.Requantizer.MultiplierWidth, "bits");
        yield return Int("RequantizerShiftWidth", RequantizerSpec.ShiftWidth, "bits");
        yield return Int("RequantizerSecondShiftWidth", RequantizerSpec.SecondShiftWidth, "bits of the second shift of two roundings");
        yield return Int("RequantizerElementWidth", spec.Requantizer.ElementWidth, "bits of a stored activation");
        yield return Bit("VectorElementwise", spec.Vector.Elementwise, "operand buffer, sums and products, second requantiser");
        yield return Bit("VectorLookup", spec.Vector.Lookup, "lookup table per lane");
        yield return Int("VectorThresholdLevels", spec.Vector.ThresholdLevels, "thresholds of a lane");
        yield return Int("BuffersActivationSize", spec.Buffers.Activation.Size, "elements");
        yield return Int("BuffersWeightSize", spec.Buffers.Weight.Size, "lines");
        yield return Int("BuffersParameterSize", spec.Buffers.Parameter.Size, "lines");
        yield return Int("BuffersAccumulatorSize", spec.Buffers.Accumulator.Size, "words");
        yield return Int("BuffersOutputSize", spec.Buffers.Output.Size, "words");
        yield return Int("BuffersOperandSize", InstructionSet.OperandSize(spec), "elements; 0 without vector.elementwise");
        yield return Int("BuffersFactorSize", spec.Buffers.Factor.Size, "elements; 0 without array.activation_weights");
        yield return Int("MemoryBytesPerCycle", spec.Memory.BytesPerCycle, "bytes of a memory word");
        yield return Int("MemoryLatencyCycles", spec.Memory.LatencyCycles, "cycles without data at the head of a burst (the bench's memory)");
        yield return Int("MemoryBurstBeats", spec.Memory.BurstBeats, "most memory words of a burst");
        yield return Int("MemoryBurstAlignmentWords", spec.Memory.BurstAlignmentWords, "memory words of the aligned block that a burst stays in; 0: any");
    }

    private static IEnumerable<HardwareParameter> DerivedParameters(AcceleratorSpec spec, int programDepth)
    {
        int elementWidth = spec.Requantizer.ElementWidth;
        ArraySpec array = spec.Array;
        bool bitSerial = array.ProcessingElement == ProcessingElementKind.BitSerial;

        // One-bit operands take a bit of an unsigned element; bit-serial ones take all of them in one pass.
        int digitWidth = array.ProcessingElement == ProcessingElementKind.XnorPopcount ? 1 : spec.DigitWidth;
        int lastDigitShift = bitSerial ? 0 : (elementWidth - 1) / digitWidth * digitWidth;
        int activation = InstructionSet.AddressWidth(spec.Buffers.Activation.Size);
        int weight = InstructionSet.AddressWidth(spec.Buffers.Weight.Size);
        int parameter = InstructionSet.AddressWidth(spec.Buffers.Parameter.Size);
        yield return Int("VectorElements", spec.VectorElements, "ArrayRows * ArrayLanes");
        yield return Int("ElementsPerWord", spec.ElementsPerWord, "elements of a memory word");
        yield return Int("WordOffsetWidth", InstructionSet.AddressWidth(spec.ElementsPerWord), "bits of an element's place in a memory word");
        yield return Int("WordCountWidth", InstructionSet.AddressWidth(spec.ElementsPerWord + 1), "bits of a number of elements of a memory word");
        yield return Int("ActivationReadElements", spec.ActivationReadElements, "elements of one read of the activation buffer");
        yield return Int("OperandWidth", OperandWidth(array), "bits of an activation where it enters the array");
        yield return Int("ActivationCodeWidth", spec.ActivationCodeWidth, "bits of an element, or of its sum with an offset, before its digit is taken");
        yield return Int("WeightValueWidth", array.WeightValueWidth, "bits of a weight inside the array");
        yield return Int("FactorWidth", array.HasOperandOffsets ? elementWidth : array.WeightWidth, "bits of an element of a line from the factor buffer");
        yield return Int("CodebookLines", spec.CodebookLines, "lines of a codebook; 0 without one");
        yield return Int("IntervalWidth", bitSerial ? InstructionSet.AddressWidth(array.ActivationWidth + 1) : 1, "bits of an interval");
        yield return Int("PlaceWidth", InstructionSet.AddressWidth(array.ActivationWidth), "bits of the number of an activation's bit");
        yield return Int("ColumnIndexWidth", InstructionSet.AddressWidth(array.Columns), "bits of a column's number");
        yield return Int("DigitWidth", digitWidth, "bits of an unsigned activation that one pass consumes");
        yield return Int("DigitShiftMax", lastDigitShift, "shift of the last digit of an element");
        yield return Int("DigitShiftWidth", InstructionSet.AddressWidth(lastDigitShift + 1), "bits of a digit's shift");
        yield return Int("WeightLineWidth", spec.WeightLineElements * spec.Array.WeightWidth, "bits");
        yield return Int("WeightLineElements", spec.WeightLineElements, "weights of a line");
        yield return Int("WeightLineLanes", FactorLayout.LanesOfLine(spec), "lanes of a column of a line; 1 on an input-stationary array");
        yield return Int("WeightLineWords", spec.WeightLineWords, "memory words");
        yield return Int("SourceWidth", SourceWidth(spec), "bits of a word of the vector unit before the bias");
        yield return Int("TermWidth", spec.TermWidth, "bits of the first requantiser's result");
        yield return Int("CombinedWidth", spec.Vector.Elementwise ? VectorSpec.CombinedWidth : spec.TermWidth, "bits of a window's maximum, sum or product");
        yield return Int("ThresholdCountWidth", VectorSpec.ThresholdCountWidth, "bits");
        yield return Int("ThresholdStepWidth", VectorSpec.ThresholdStepWidth, "bits");
        yield return Int("VectorLatency", spec.VectorLatency, "cycles from the read of a window's last word to the write");
        yield return Int("PostRecordLsb", spec.PostRecordLsb, "bit of a record at which the second requantiser's fields begin");
        yield return Int("PostRecordWidth", spec.PostRecordWidth, "bits of the second requantiser's fields");
        yield return Int("ParameterRecordWidth", spec.ParameterRecordWidth, "bits");
        yield return Int("ParameterLineWords", spec.ParameterLineWords, "memory words");
        yield return Int("LineWordSelectWidth", InstructionSet.AddressWidth(Math.Max(spec.WeightLineWords, spec.ParameterLineWords)), "bits");
        yield return Int("ActivationAddressWidth", activation, "bits");
        yield return Int("WeightAddressWidth", weight, "bits");
        yield return Int("LineAddressWidth", InstructionSet.LineAddressWidth(spec), "bits of the address of a line of weights, or of its first element in the factor buffer");
        yield return Int("FactorAddressWidth", InstructionSet.AddressWidth(spec.Buffers.Factor.Size), "bits");
        yield return Int("ParameterAddressWidth", parameter, "bits");
        yield return Int("AccumulatorAddressWidth", InstructionSet.AddressWidth(spec.Buffers.Accumulator.Size), "bits");
        yield return Int("OutputAddressWidth", InstructionSet.AddressWidth(spec.Buffers.Output.Size), "bits");
        yield return Int("OperandAddressWidth", InstructionSet.AddressWidth(InstructionSet.OperandSize(spec)), "bits");
        yield return Int("LookupAddressWidth", InstructionSet.AddressWidth(InstructionSet.LookupEntries), "bits");
        yield return Int("SourceAddressWidth", InstructionSet.SourceAddressWidth(spec), "bits of an accumulator or operand address");
        yield return Int("DestinationAddressWidth", InstructionSet.DestinationAddressWidth(spec), "bits of an address that a load writes to");
        yield return Int("MemoryAddressWidth", InstructionSet.MemoryAddressWidth, "bits");
        yield return Int("LoopWidth", InstructionSet.LoopWidth, "bits of a loop count");
        yield return Int("ProgramDepth", programDepth, "instructions of a program memory");
        yield return Int("ProgramAddressWidth", InstructionSet.AddressWidth(programDepth), "bits");
        yield return Int("SemaphoreCount", SemaphoreSet.Count, "");
        yield return Int("SemaphoreCounterWidth", 16, "bits");
        yield return Int("SemaphoreInitialWidth", InitialWidth, "bits of a semaphore's count at cycle 0");
        yield return Int("FrameCountWidth", FrameCountWidth, "bits of the number of frames of a run");
        yield return Int("SemaphoreFreeMask", new SemaphoreSet(-1).AtEnd.Mask, "semaphores signalled at an instruction's end");
        yield return Int("SemaphoreAccumulatorReady", (int)Semaphore.AccumulatorReady, "");
        foreach (HardwareParameter name in Enumerations)
        {
            yield return name;
        }
    }

    /// <summary>A bit and whether it counts, where operands are bipolar; one bit where they enter bit by bit; whole numbers elsewhere.</summary>
    private static int OperandWidth(ArraySpec array) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => 2,
        ProcessingElementKind.BitSerial when array.Dataflow == Dataflow.WeightStationary => 1,
        _ => array.ActivationWidth,
    };

    /// <summary>The numbers of an enumeration.</summary>
    private static IEnumerable<HardwareParameter> Names<T>(string prefix) where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => Int(prefix + value, (int)(object)value, ""));

    private static IEnumerable<HardwareParameter> FieldParameters(InstructionFormat format)
    {
        yield return Int(format.Prefix + "Width", format.Width, "bits of an instruction");
        yield return Int(format.Prefix + "Words", format.Words, "32-bit words of an instruction");
        foreach (InstructionField field in format.Fields)
        {
            yield return Int(format.Prefix + field.Name + "Lsb", field.Lsb, "");
            yield return Int(format.Prefix + field.Name + "Width", field.Width, "");
        }
    }

    private static HardwareParameter Int(string name, int value, string comment) => new(name, ParameterType.Int, value, comment);

    private static HardwareParameter Bit(string name, bool value, string comment) => new(name, ParameterType.Bit, value ? 1 : 0, comment);

    private string Hash()
    {
        var text = new StringBuilder();
        foreach (HardwareParameter parameter in Hardware.Concat(Fields))
        {
            text.Append(parameter.Name).Append('=').Append(parameter.Text).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
