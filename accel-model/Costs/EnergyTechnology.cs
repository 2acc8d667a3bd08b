// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Costs;

/// <summary>Energy of one operation of each kind in a technology, in picojoules, and how it scales with width and size (docs/costs.md).</summary>
public sealed record EnergyTechnology
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Multiplication of 8 by 8 bits; others in proportion to the product of their widths.</summary>
    public required double Multiply8 { get; init; }

    /// <summary>Addition of 8 bits; others in proportion to their width.</summary>
    public required double Add8 { get; init; }

    /// <summary>Reads of 64 bits from on-chip memories: capacity in bytes, ascending, and picojoules. Between them on a straight line over the logarithm of the capacity.</summary>
    public required IReadOnlyList<(double Bytes, double Picojoules)> Sram64 { get; init; }

    /// <summary>64 bits from or to external memory.</summary>
    public required double Dram64 { get; init; }

    /// <summary>
    /// 45 nm at 0.9 V. M. Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014, figure 1.1.9: 8-bit add 0.03 pJ, 8-bit multiply 0.2 pJ; cache of 8 KB 10 pJ, 32 KB 20 pJ,
    /// 1 MB 100 pJ, each for 64 bits; DRAM 1.3 to 2.6 nJ, here the middle.
    /// </summary>
    public static EnergyTechnology Horowitz45 { get; } = new()
    {
        Name = "45 nm (Horowitz, ISSCC 2014)",
        Multiply8 = 0.2,
        Add8 = 0.03,
        Sram64 = [(8 * 1024, 10), (32 * 1024, 20), (1024 * 1024, 100)],
        Dram64 = 1950,
    };

    /// <summary>Picojoules of a multiplication.</summary>
    public double Multiply(int a, int b) => Multiply8 * a * b / 64;

    /// <summary>Picojoules of an addition.</summary>
    public double Add(int width) => Add8 * width / 8;

    /// <summary>Picojoules of an access of <paramref name="bits"/> bits to a memory of <paramref name="bytes"/> bytes; below the smallest capacity in proportion to its square root.</summary>
    public double Sram(double bytes, double bits)
    {
        (double Bytes, double Picojoules) low = Sram64[0];
        if (bytes <= low.Bytes)
        {
            return low.Picojoules * Math.Sqrt(bytes / low.Bytes) * bits / 64;
        }

        for (int i = 1; i < Sram64.Count; i++)
        {
            (double Bytes, double Picojoules) high = Sram64[i];
            if (bytes <= high.Bytes || i == Sram64.Count - 1)
            {
                double position = Math.Log(bytes / low.Bytes) / Math.Log(high.Bytes / low.Bytes);
                return (low.Picojoules + position * (high.Picojoules - low.Picojoules)) * bits / 64;
            }

            low = high;
        }

        return low.Picojoules * bits / 64;
    }

    /// <summary>Picojoules of bytes from or to external memory.</summary>
    public double Dram(long bytes) => Dram64 * bytes / 8;
}
