// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace RtlExport.Parameters;

/// <summary>Sizes of the accelerator's AXI side, which follow from the memory of its specification. No program depends on them, so that they are in no hash.</summary>
public static class AxiParameters
{
    /// <summary>Bits of an address on the memory bus.</summary>
    public const int AddressWidth = 40;

    /// <summary>Bits of an address on the bus of the registers: 4 KiB.</summary>
    public const int LiteAddressWidth = 12;

    /// <summary>Write bursts that may wait for their responses.</summary>
    public const int OutstandingWrites = 4;

    /// <summary>Bytes that no burst crosses a multiple of (AMBA AXI, IHI 0022, burst address).</summary>
    public const int BoundaryBytes = 4096;

    /// <summary>Most beats of an incrementing burst in AXI4.</summary>
    public const int MostBeats = 256;

    /// <summary>Words of a burst: the greatest power of two of at most <c>min(burst_beats, 256, 4096 / bytes_per_cycle)</c>.</summary>
    public static int BurstWords(MemorySpec memory) =>
        1 << int.Log2(Math.Min(Math.Min(memory.BurstBeats, MostBeats), BoundaryBytes / memory.BytesPerCycle));

    /// <summary>The constants by name.</summary>
    public static IEnumerable<HardwareParameter> Of(MemorySpec memory)
    {
        yield return new("AxiAddressWidth", ParameterType.Int, AddressWidth, "bits of an address on the memory bus");
        yield return new("AxiLiteAddressWidth", ParameterType.Int, LiteAddressWidth, "bits of an address on the bus of the registers");
        yield return new("AxiBurstWords", ParameterType.Int, BurstWords(memory), "most memory words of a burst, and the block that it stays in");
        yield return new("AxiOutstandingWrites", ParameterType.Int, OutstandingWrites, "write bursts that may wait for their responses");
    }
}
