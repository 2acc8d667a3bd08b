// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>Instructions that kernels may use. Results are the same with all of them.</summary>
public enum InstructionSet
{
    /// <summary>One lane at a time, on any machine.</summary>
    Scalar,

    /// <summary>256-bit vectors.</summary>
    Avx2,

    /// <summary>256-bit vectors and the fused 8-bit dot product.</summary>
    AvxVnni,

    /// <summary>512-bit vectors (F, BW, DQ), and the fused 8-bit dot product where the machine has it.</summary>
    Avx512,
}

/// <summary>Which instruction sets this machine has.</summary>
public static class InstructionSets
{
    /// <summary>The best one here.</summary>
    public static InstructionSet Best { get; } = Supported[^1];

    /// <summary>All that can run here, in rising order.</summary>
    public static IReadOnlyList<InstructionSet> Supported => [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>Whether this machine has it.</summary>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.Avx2 => Avx2.IsSupported,
        InstructionSet.AvxVnni => Avx2.IsSupported && AvxVnni.IsSupported,
        InstructionSet.Avx512 => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Avx512DQ.IsSupported,
        _ => false,
    };
}
