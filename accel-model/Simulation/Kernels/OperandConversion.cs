// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>How a code becomes an operand: <c>((code &gt;&gt; shift) &amp; mask) + offset</c>.</summary>
/// <param name="Shift">First bit of the digit.</param>
/// <param name="Mask">Bits of the digit; -1 for the whole code.</param>
/// <param name="Offset">Added.</param>
internal readonly record struct OperandOfCode(int Shift, int Mask, int Offset)
{
    /// <summary>The operand of one code.</summary>
    public long Of(long code) => ((code >> Shift) & Mask) + Offset;
}

/// <summary>Codes as kernels store them, reduced to the destination's bits.</summary>
internal static unsafe class OperandConversion
{
    public static void Run<T>(int* source, T* destination, int count, OperandOfCode form)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated && typeof(T) == typeof(byte))
        {
            for (; i + 32 <= count; i += 32)
            {
                Vector256<short> first = Vector256.Narrow(Operands(source + i, form), Operands(source + i + 8, form));
                Vector256<short> second = Vector256.Narrow(Operands(source + i + 16, form), Operands(source + i + 24, form));
                Vector256.Narrow(first.AsUInt16(), second.AsUInt16()).Store((byte*)destination + i);
            }
        }
        if (Vector256.IsHardwareAccelerated && typeof(T) == typeof(short))
        {
            for (; i + 16 <= count; i += 16)
            {
                Vector256.Narrow(Operands(source + i, form), Operands(source + i + 8, form)).Store((short*)destination + i);
            }
        }
        if (Vector256.IsHardwareAccelerated && typeof(T) == typeof(int))
        {
            for (; i + 8 <= count; i += 8)
            {
                Operands(source + i, form).Store((int*)destination + i);
            }
        }
        for (; i < count; i++)
        {
            destination[i] = T.CreateTruncating(form.Of(source[i]));
        }
    }

    private static Vector256<int> Operands(int* codes, OperandOfCode form) =>
        ((Vector256.Load(codes) >> form.Shift) & Vector256.Create(form.Mask)) + Vector256.Create(form.Offset);
}
