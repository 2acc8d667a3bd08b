// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Codes as kernels store them: <c>destination[i] = source[i] + offset</c>, reduced to the destination's bits.</summary>
internal static unsafe class OperandConversion
{
    public static void Run<T>(int* source, T* destination, int count, int offset)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated && typeof(T) == typeof(byte))
        {
            Vector256<int> add = Vector256.Create(offset);
            for (; i + 32 <= count; i += 32)
            {
                Vector256<short> first = Vector256.Narrow(Vector256.Load(source + i) + add, Vector256.Load(source + i + 8) + add);
                Vector256<short> second = Vector256.Narrow(Vector256.Load(source + i + 16) + add, Vector256.Load(source + i + 24) + add);
                Vector256.Narrow(first.AsUInt16(), second.AsUInt16()).Store((byte*)destination + i);
            }
        }
        if (Vector256.IsHardwareAccelerated && typeof(T) == typeof(short))
        {
            Vector256<int> add = Vector256.Create(offset);
            for (; i + 16 <= count; i += 16)
            {
                Vector256.Narrow(Vector256.Load(source + i) + add, Vector256.Load(source + i + 8) + add).Store((short*)destination + i);
            }
        }
        for (; i < count; i++)
        {
            destination[i] = T.CreateTruncating(source[i] + offset);
        }
    }
}
