// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>How often an operand enters the array, and for how many cycles each time.</summary>
/// <param name="Digits">Passes: the digits of a code that is wider than what a PE takes, else 1.</param>
/// <param name="Interval">Cycles between two operands: the bits of a code, or of its sum with an offset, that a PE takes bit after bit, else 1.</param>
public readonly record struct OperandPasses(int Digits, int Interval)
{
    /// <summary>Once, for a cycle.</summary>
    public static OperandPasses One { get; } = new(1, 1);

    /// <summary>Cycles between two operands of a format on a design.</summary>
    public static int IntervalOf(OperandFormat format, AcceleratorSpec accelerator) => accelerator.Array.ProcessingElement == ProcessingElementKind.BitSerial ? format.Width : 1;
}
