// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>Codes of a tensor in the bytes of external memory: little-endian elements of <c>element_width</c> bits.</summary>
internal static class FeatureMapAccess
{
    /// <summary>Writes codes in rows, columns, channels order; what lies between the pixels stays.</summary>
    /// <exception cref="ArgumentException">A code is outside the tensor's format.</exception>
    public static void Write(Span<byte> memory, FeatureMap map, AcceleratorSpec spec, ReadOnlySpan<int> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] < map.Tensor.Format.MinRaw || codes[i] > map.Tensor.Format.MaxRaw)
            {
                throw new ArgumentException($"code {codes[i]} at index {i} is outside {map.Tensor.Format}");
            }
            int address = Address(map, i) * spec.ElementBytes;
            for (int part = 0; part < spec.ElementBytes; part++)
            {
                memory[address + part] = (byte)(codes[i] >> (8 * part));
            }
        }
    }

    /// <summary>Reads codes in rows, columns, channels order.</summary>
    public static void Read(ReadOnlySpan<byte> memory, FeatureMap map, AcceleratorSpec spec, Span<int> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            int address = Address(map, i) * spec.ElementBytes;
            codes[i] = Code(map, spec, spec.ElementBytes == 1 ? memory[address] : memory[address] | memory[address + 1] << 8);
        }
    }

    /// <summary>Reads codes out of a buffer that is addressed in elements.</summary>
    public static void Read(Func<int, ushort> buffer, FeatureMap map, AcceleratorSpec spec, Span<int> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = Code(map, spec, buffer(Address(map, i)));
        }
    }

    private static int Code(FeatureMap map, AcceleratorSpec spec, int raw) =>
        map.Tensor.Format.Signed ? (int)TwosComplement.Wrap(raw, spec.Requantizer.ElementWidth) : raw;

    private static int Address(FeatureMap map, int index)
    {
        (int pixel, int channel) = Math.DivRem(index, map.Tensor.Channels);
        (int row, int column) = Math.DivRem(pixel, map.Tensor.Width);
        return map.Element(row, column, channel);
    }
}
