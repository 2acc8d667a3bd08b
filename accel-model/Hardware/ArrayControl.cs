// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Hardware;

/// <summary>How elements become codes of more bits: extended, and an offset added.</summary>
/// <param name="IsSigned">Whether elements are two's complement.</param>
/// <param name="Offset">Added.</param>
public readonly record struct CodeOffset(bool IsSigned, int Offset)
{
    /// <summary><c>element + offset</c> as a number of <paramref name="width"/> bits in two's complement, to which it wraps.</summary>
    public long Of(ushort element, int elementWidth, int width) => TwosComplement.Wrap((IsSigned ? TwosComplement.Wrap(element, elementWidth) : element) + Offset, width);
}

/// <summary>How the activation buffer's output becomes operands; the default masks all of it.</summary>
public readonly record struct ActivationControl
{
    /// <summary>Elements that take part, from the first on; the others are masked.</summary>
    public int Elements { get; init; }

    /// <summary>What elements are before they are operands.</summary>
    public CodeOffset Codes { get; init; }

    /// <summary>Whether operands are two's complement.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Lowest bit of the digit that is multiplied.</summary>
    public int DigitShift { get; init; }

    /// <summary>Bits of the operand that enter in this cycle: all (-1), or one of a serial operand.</summary>
    public int Bits { get; init; }
}

/// <summary>What the sequencer tells the array about the buffers' outputs of the next cycle; the default is a bubble.</summary>
public readonly record struct ArrayControl
{
    /// <summary>Number of what the PEs do with the streamed vector in this cycle, 0 if nothing streams.</summary>
    public int Vector { get; init; }

    /// <summary>What is at the activation buffer's output.</summary>
    public ActivationControl Activation { get; init; }

    /// <summary>Whether a stationary vector enters the chain: a weight line, or the activations of one pixel.</summary>
    public bool Shifts { get; init; }

    /// <summary>Whether what the chain holds becomes what is multiplied.</summary>
    public bool Swaps { get; init; }

    /// <summary>What elements at the factor buffer's output are as weights.</summary>
    public CodeOffset Factors { get; init; }

    /// <summary>One more than the number of the line of the codebook that is at the weight buffer's output; 0 if none is.</summary>
    public int TableLine { get; init; }
}
